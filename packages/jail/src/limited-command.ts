import { existsSync } from 'node:fs';

/** What Node and V8 map as data before a script has allocated anything, JIT pages included (measured: 575 MB). */
const nodeDataMb = 640;
/** Beside the heap: buffers, which V8's own limit does not bound. */
const bufferMb = 256;
const setpriv = '/usr/bin/setpriv';

/**
 * Puts the kernel's limits around a command: no core file, few descriptors, bounded data, gone with its parent,
 * no new privileges. Where a system has no such tool the command stays as it is.
 */
export function limitedCommand(command: string[], heapMb: number): [string, ...string[]] {
  const limited = process.platform === 'linux' && existsSync('/bin/sh') ? underShell(command, heapMb) : command;
  const [program = '', ...args] =
    process.platform === 'linux' && existsSync(setpriv) ? [setpriv, '--pdeathsig', 'KILL', '--no-new-privs', ...limited] : limited;
  return [program, ...args];
}

/** `ulimit` is in every shell; `exec` leaves no shell behind, `unset` nothing that the shell added to the environment. */
function underShell(command: string[], heapMb: number): string[] {
  const dataKb = (nodeDataMb + heapMb + bufferMb) * 1024;
  return ['/bin/sh', '-c', `ulimit -c 0; ulimit -n 64; ulimit -d ${dataKb}; unset PWD OLDPWD; exec "$@"`, 'jail', ...command];
}
