import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getuid } from 'node:process';
import type { JailSize, NodeProgram } from '../node-arguments.js';
import type { JailCommand } from '../node-jail.js';
import { enterJail } from './enter-jail.js';
import { findProgram, foldersOf, type JailFile, librariesOf } from './jail-files.js';

const isolation = ['--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup', '--fork', '--kill-child=KILL', '--propagation', 'private'];
/** `mount` serves nobody but root, so whoever is not root becomes it in a namespace of their own, and gives up its rights at the end. */
const asUser = ['--user', '--map-root-user'];

/**
 * Inside the new namespaces, as their first process: the tree over itself so that it is a mount, the files over its
 * empty ones, then the tree is the root and the machine's own root is gone. $1 tree, $2 its fstab, $3 libraries of the
 * last program that is still taken from the old root.
 */
const build = `set -e
PATH=/usr/bin:/bin:/usr/sbin:/sbin
mount --bind "$1" "$1"
mount --all --fstab "$2"
mount -o remount,bind,ro "$1"
cd "$1"
pivot_root . old
cd /
LD_LIBRARY_PATH="$3" /old"$4" --lazy /old
shift 4
unset PWD OLDPWD
exec "$@"`;

/** `unshare` passes on its own death, and must hear of ours first. */
const mortality = ['--pdeathsig', 'KILL'];

/** The jail as util-linux builds it, where bubblewrap is not there. No system call filter: no program of util-linux 2.38 takes one. */
export function unshareCommand(unshare: string, node: NodeProgram, files: JailFile[]): (size: JailSize) => JailCommand {
  const setpriv = findProgram('setpriv') ?? '/usr/bin/setpriv';
  const isRoot = getuid?.() === 0;
  const umount = findProgram('umount') ?? '/bin/umount';
  const libraries = [...new Set(librariesOf(umount).map((library) => `/old${dirname(library)}`))].join(':');
  const { tree, fstab } = layOut(files);
  const wall = [setpriv, ...mortality, unshare, ...isolation, ...(isRoot ? [] : asUser), '/bin/sh', '-c', build, 'jail', tree, fstab, libraries, umount];
  return (size) => ({ command: [...wall, ...enterJail(node, size, isRoot ? 'root' : 'maker')] });
}

/** An empty file for each file, to be covered by it: a tree that costs nothing and may be seen by everybody. */
function layOut(files: JailFile[]): { tree: string; fstab: string } {
  const home = mkdtempSync(join(tmpdir(), 'nango-jail-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  chmodSync(home, 0o755);
  const tree = join(home, 'root');
  for (const folder of ['', '/old', ...foldersOf(files)]) mkdirSync(tree + folder, { mode: 0o755 });
  for (const { target } of files) closeSync(openSync(tree + target, 'w'));
  // umount looks there for what is mounted; with the old root it is gone.
  symlinkSync('old/proc', `${tree}/proc`);
  const fstab = join(home, 'fstab');
  writeFileSync(fstab, files.map(({ source, target }) => `${source} ${tree}${target} none bind,ro 0 0\n`).join(''));
  return { tree, fstab };
}
