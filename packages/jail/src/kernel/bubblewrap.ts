import { getuid } from 'node:process';
import type { JailSize, NodeProgram } from '../node-arguments.js';
import type { JailCommand } from '../node-jail.js';
import { enterJail, nobody } from './enter-jail.js';
import { foldersOf, type JailFile } from './jail-files.js';
import { type Architecture, seccompFilter } from './seccomp-filter.js';

/** Everything new: no process, no network, no shared memory of the machine; gone with its parent. */
const isolation = [
  '--unshare-pid',
  '--unshare-net',
  '--unshare-ipc',
  '--unshare-uts',
  '--unshare-cgroup-try',
  '--die-with-parent',
  '--new-session',
  '--clearenv',
];
/**
 * Root builds the jail as root and becomes nobody inside, under bubblewrap's own first process: bubblewrap itself, which
 * has dropped its rights, could not pass on its death to somebody else's process. Anybody else is nobody in a user namespace of their own. */
const asRoot = ['--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID', '--cap-add', 'CAP_SETPCAP'];
const asUser = ['--as-pid-1', '--unshare-user', '--uid', String(nobody), '--gid', String(nobody), '--hostname', 'jail'];

/** The jail as bubblewrap builds it: the given files, read-only, and no other; behind the system call filter. */
export function bubblewrapCommand(
  bubblewrap: string,
  node: NodeProgram,
  { files, architecture }: { files: JailFile[]; architecture: Architecture },
): (size: JailSize) => JailCommand {
  const isRoot = getuid?.() === 0;
  const handover = seccompFilter(architecture);
  const tree = [
    ...foldersOf(files).flatMap((folder) => ['--perms', '0755', '--dir', folder]),
    ...files.flatMap(({ source, target }) => ['--ro-bind', source, target]),
  ];
  const wall = [bubblewrap, ...isolation, ...(isRoot ? asRoot : asUser), ...tree, '--remount-ro', '/', '--chdir', '/', '--seccomp', '4', '--'];
  return (size) => ({ command: [...wall, ...enterJail(node, size, isRoot ? 'root' : 'nobody')], handover });
}
