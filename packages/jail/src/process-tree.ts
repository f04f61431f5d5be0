import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that it has started: a driver may wrap its jail. Where the system does not tell, the process alone. */
export function processTree(pid: number): number[] {
  return [
    pid,
    ...threadsOf(pid)
      .flatMap((thread) => childrenOf(pid, thread))
      .flatMap(processTree),
  ];
}

export function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}

function childrenOf(pid: number, thread: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
