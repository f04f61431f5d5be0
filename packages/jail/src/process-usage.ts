import { readFileSync } from 'node:fs';
import { innermostOf } from './process-tree.js';

/** CPU time of all threads, and the memory that is really there. */
export type ProcessUsage = { cpuMs: number; rssBytes: number };

/** `CLK_TCK` and the page size are these on every Linux that Node runs on, arm64 with large pages aside. */
const tickMs = 10;
const pageBytes = 4096;

/** What a process, the innermost of those below the given one, has used; null where the system does not tell, or it is gone. */
export function usageOf(pid: number): ProcessUsage | null {
  if (process.platform !== 'linux') return null;
  try {
    return readUsage(innermostOf(pid));
  } catch {
    return null;
  }
}

function readUsage(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold anything, so fields are counted from its end: 14 and 15 are user and system time, 24 is memory.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs, rssBytes: Number(fields[21]) * pageBytes };
}
