import { execFile } from 'node:child_process';
import { processTree } from './process-tree.js';
import { readOrEmpty } from './read-or-empty.js';

/** The processors that we may use; of none where the system does not tell. */
function ourProcessors(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readOrEmpty('/proc/self/status'))?.[1] ?? '';
  return list
    .split(',')
    .filter(Boolean)
    .flatMap((range) => {
      const [from = 0, to = from] = range.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });
}

const [, ...allButFirst] = ourProcessors();

/** With so many processes at work every processor may be busy. */
export const processorCount = allButFirst.length + 1;

/**
 * Keeps a process, and what it has started, from one of our processors, always the same one. What runs there is never in the way of
 * somebody who wakes up: even the nicest process keeps its processor for some milliseconds. Nothing where there is only one, or no `taskset`.
 */
export function confine(pid: number): void {
  if (allButFirst.length === 0) return;
  for (const process of processTree(pid)) execFile('taskset', ['--all-tasks', '--cpu-list', '--pid', allButFirst.join(','), String(process)], () => undefined);
}
