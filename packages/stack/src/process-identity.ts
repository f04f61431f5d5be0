import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** When a process started, as an opaque text; null when it does not run. With the pid it names one process for good, since pids are used again. */
export function startMark(pid: number): string | null {
  try {
    if (process.platform !== 'linux') return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the program's name, may hold blanks and brackets: count from behind it.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : (fields[18] ?? null);
  } catch {
    return null;
  }
}

/** Whether the process that was seen with this mark still runs. */
export function isSame({ pid, mark }: { pid: number; mark: string | null }): boolean {
  return mark !== null && startMark(pid) === mark;
}
