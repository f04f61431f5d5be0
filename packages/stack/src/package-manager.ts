import { basename } from 'node:path';
import { commandOf, isSame, parentOf, startMark } from './process-identity.js';

const isShell = /^(\S*\/)?(ba|da)?sh -c /;
const lookEveryMs = 500;

/**
 * Calls back once when the package manager that runs us is gone. One that is killed (other than by Ctrl-C, which
 * reaches everyone) does not always pass that on: `npx` leaves `pnpm` and its script running.
 */
export function whenPackageManagerEnds(end: () => void): void {
  const above = packageManagersAbove(process.ppid).map((pid) => ({ pid, mark: startMark(pid) }));
  if (above.length === 0) return;
  const watch = setInterval(() => {
    if (above.every(isSame)) return;
    clearInterval(watch);
    end();
  }, lookEveryMs);
  watch.unref();
}

/** From a process upwards, as far as package managers and the shells between them go. */
export function packageManagersAbove(pid: number): number[] {
  const found: number[] = [];
  for (let at: number | null = pid, shells: number[] = []; at !== null && at > 1; at = parentOf(at)) {
    const command = commandOf(at);
    if (isShell.test(command)) shells.push(at);
    else if (isPackageManager(command)) found.push(...shells.splice(0), at);
    else break;
  }
  return found;
}

/** By the program and its first argument: what else a command names (`bash -c "npx pnpm start &"`) says nothing about it. */
function isPackageManager(command: string): boolean {
  const [program = '', argument = ''] = command.split(' ').map((word) => basename(word));
  return [program, argument].some((name) => /^(npm|npx|pnpm|corepack)(-cli)?(\.c?js)?$/.test(name));
}
