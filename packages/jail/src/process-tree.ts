import { readdirSync } from 'node:fs';
import { readOrEmpty } from './read-or-empty.js';

/** A process and all that it has started: a driver may wrap its jail. Where the system does not tell, the process alone. */
export function processTree(pid: number): number[] {
  return [
    pid,
    ...threadsOf(pid)
      .flatMap((thread) => childrenOf(pid, thread))
      .flatMap(processTree),
  ];
}

/** The programs that build a jail stand above the one that runs in it, one child each. */
export function innermostOf(pid: number): number {
  const [child] = childrenOf(pid, pid);
  return child === undefined ? pid : innermostOf(child);
}

export function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}

function childrenOf(pid: number, thread: number): number[] {
  return readOrEmpty(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number);
}
