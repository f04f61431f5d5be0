import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import type { Jail } from './driver.js';

/** Each step of niceness takes a fifth of a process's weight against others (Linux: 1024 at 0, 820 at 1, ...). */
const weightOfStep = 1.25;
const mostNice = 19;

/** How nice each of so many processes must be to weigh together as much as one alone. */
export function nicenessOf(processes: number): number {
  return Math.min(mostNice, Math.round(Math.log(processes) / Math.log(weightOfStep)));
}

/**
 * Gives every environment the processor share of one process, however many of its scripts run at once; so scripts that
 * only compute do not slow down those of others. Where a system does not let a process be made less nice again, it stays nice.
 */
export class FairShares {
  readonly #running = new Map<number, Set<Jail>>();
  readonly #niceness = new WeakMap<Jail, number>();

  /** @returns what to call when the run is over */
  enter(environmentId: number, jail: Jail): () => void {
    const own = this.#running.get(environmentId) ?? new Set();
    this.#running.set(environmentId, own.add(jail));
    this.#share(own);
    return () => {
      own.delete(jail);
      this.#share(own);
      if (own.size === 0) this.#running.delete(environmentId);
    };
  }

  #share(jails: ReadonlySet<Jail>): void {
    const niceness = nicenessOf(jails.size);
    for (const jail of jails) {
      if (jail.pid === undefined || (this.#niceness.get(jail) ?? 0) === niceness) continue;
      this.#niceness.set(jail, niceness);
      for (const thread of threadsOf(jail.pid)) setNiceness(thread, niceness);
    }
  }
}

function setNiceness(id: number, niceness: number): void {
  try {
    setPriority(id, niceness);
  } catch {
    // Gone meanwhile, or not ours to make less nice.
  }
}

/** On Linux niceness belongs to a thread, not to its process; elsewhere to the process. Processes below are found, too: a driver may wrap its jail. */
function threadsOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map(Number);
    return [...threads, ...threads.flatMap((thread) => childrenOf(pid, thread)).flatMap(threadsOf)];
  } catch {
    return [pid];
  }
}

function childrenOf(pid: number, thread: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
