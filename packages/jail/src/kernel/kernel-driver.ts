import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { realmFolder } from 'script';
import type { RunnerDriver } from '../driver.js';
import { jailProgram, type NodeProgram } from '../node-arguments.js';
import { NodeJail } from '../node-jail.js';
import { bubblewrapCommand } from './bubblewrap.js';
import { inside } from './enter-jail.js';
import { findProgram, type JailFile, programFiles } from './jail-files.js';
import type { Architecture } from './seccomp-filter.js';
import { unshareCommand } from './unshare.js';

/** A way to the kernel's walls, or why there is none. */
type Candidate = { driver: RunnerDriver } | { missing: string };

/**
 * The kernel's walls, strongest first: namespaces, a root of a few read-only files, nobody's rights, limits. Whether
 * the system lets them be built only a started jail can tell.
 */
export function kernelDrivers(node: NodeProgram = jailProgram): Candidate[] {
  if (process.platform !== 'linux') return [{ missing: `namespaces are Linux's; this is ${process.platform}` }];
  return [bubblewrapDriver(node), unshareDriver(node)];
}

function bubblewrapDriver(node: NodeProgram): Candidate {
  const { arch } = process;
  const [bubblewrap, needs] = programs('bwrap', 'prlimit', 'setpriv');
  if (!bubblewrap) return { missing: needs };
  if (!isFiltered(arch)) return { missing: `no system call filter for ${arch}` };
  const command = bubblewrapCommand(bubblewrap, node, { files: jailFiles(node), architecture: arch });
  return { driver: { tier: 'kernel', details: 'bubblewrap, seccomp', start: (size) => new NodeJail(size, command(size)) } };
}

function unshareDriver(node: NodeProgram): Candidate {
  const [unshare, needs] = programs('unshare', 'prlimit', 'setpriv', 'mount', 'umount', 'pivot_root');
  if (!unshare) return { missing: needs };
  const command = unshareCommand(unshare, node, jailFiles(node));
  return { driver: { tier: 'kernel', details: 'unshare, no seccomp', start: (size) => new NodeJail(size, command(size)) } };
}

/** Where the first one lies, or a sentence about the first that is missing. */
function programs(...names: [string, ...string[]]): [string, ''] | [undefined, string] {
  const missing = names.find((name) => findProgram(name) === undefined);
  const found = findProgram(names[0]);
  return missing === undefined && found !== undefined ? [found, ''] : [undefined, `${missing} is not installed`];
}

function isFiltered(architecture: string): architecture is Architecture {
  return architecture === 'x64' || architecture === 'arm64';
}

/** All that a jail sees: Node, the two programs that lead to it, their libraries, and the realm. */
function jailFiles({ file }: NodeProgram): JailFile[] {
  const needed = { node: process.execPath, prlimit: findProgram('prlimit') ?? '', setpriv: findProgram('setpriv') ?? '' };
  const realm = readdirSync(realmFolder).map((name) => ({ source: join(realmFolder, name), target: inside.realm + name }));
  return [...programFiles(needed), { source: file, target: inside.program }, ...realm];
}
