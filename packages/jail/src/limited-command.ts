import { existsSync } from 'node:fs';
import { dataBytes, type JailSize } from './node-arguments.js';

const setpriv = '/usr/bin/setpriv';

/** Whether the kernel ends a limited command with the process that has started it, whatever state it is in. */
export const endsWithParent = process.platform === 'linux' && existsSync(setpriv);

/**
 * Puts the kernel's limits around a command: no core file, few descriptors, no files written, bounded data, gone with
 * its parent, no new privileges. Where a system has no such tool the command stays as it is.
 */
export function limitedCommand(command: string[], size: JailSize): string[] {
  if (process.platform !== 'linux') return command;
  const limited = existsSync('/bin/sh') ? underShell(command, size) : command;
  return endsWithParent ? [setpriv, '--pdeathsig', 'KILL', '--no-new-privs', ...limited] : limited;
}

/** `ulimit` is in every shell; `exec` leaves no shell behind, `unset` nothing that the shell added to the environment. */
function underShell(command: string[], size: JailSize): string[] {
  const limits = `ulimit -c 0; ulimit -n 64; ulimit -f 0; ulimit -d ${dataBytes(size) / 1024}`;
  return ['/bin/sh', '-c', `${limits}; unset PWD OLDPWD; exec "$@"`, 'jail', ...command];
}
