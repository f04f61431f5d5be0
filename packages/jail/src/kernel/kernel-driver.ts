import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { realmFolder } from 'script';
import type { Jail, RunnerDriver } from '../driver.js';
import { jailProgram, type JailSize, type NodeProgram } from '../node-arguments.js';
import { type JailCommand, NodeJail } from '../node-jail.js';
import { bubblewrapCommand } from './bubblewrap.js';
import { delegatedCgroup, type JailCgroup } from './cgroup.js';
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
  return { driver: driverOf('bubblewrap, seccomp', command) };
}

function unshareDriver(node: NodeProgram): Candidate {
  const [unshare, needs] = programs('unshare', 'prlimit', 'setpriv', 'mount', 'umount', 'pivot_root');
  if (!unshare) return { missing: needs };
  const command = unshareCommand(unshare, node, jailFiles(node));
  return { driver: driverOf('unshare, no seccomp', command) };
}

function driverOf(wall: string, command: (size: JailSize) => JailCommand): RunnerDriver {
  const cgroup = delegatedCgroup();
  if (typeof cgroup === 'string') return { tier: 'kernel', details: wall, start: (size) => new NodeJail(size, command(size)) };
  return { tier: 'kernel', details: `${wall}, cgroup (${cgroup.controllers.join(', ')})`, start: (size) => startIn(cgroup.open(size), size, command(size)) };
}

function startIn(cgroup: JailCgroup, size: JailSize, { command, ...rest }: JailCommand): Jail {
  const jail = new NodeJail(size, { ...rest, command: cgroup.entering(command) });
  void jail.exited.then(() => cgroup.close());
  return jail;
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
