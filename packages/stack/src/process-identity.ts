import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** When a process started, as an opaque text; null when it does not run. With the pid it names one process for good, since pids are used again. */
export function startMark(pid: number): string | null {
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  const [state, ...fields] = statOf(pid);
  return state === undefined || state === 'Z' ? null : (fields[18] ?? null);
}

/** The process that started another one, as long as both run. */
export function parentOf(pid: number): number | null {
  const parent = Number(process.platform === 'linux' ? statOf(pid)[1] : ps(pid, 'ppid='));
  return parent > 0 ? parent : null;
}

/** How a process was called; empty when it does not run. */
export function commandOf(pid: number): string {
  if (process.platform !== 'linux') return ps(pid, 'command=') ?? '';
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Whether the process that was seen with this mark still runs. */
export function isSame({ pid, mark }: { pid: number; mark: string | null }): boolean {
  return mark !== null && startMark(pid) === mark;
}

/** The fields of /proc/<pid>/stat behind the program's name, which may hold blanks and brackets itself: state, parent, ... */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function ps(pid: number, column: string): string | null {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}
