import { confine, processorCount } from './confinement.js';
import type { Jail } from './driver.js';
import { Niceness } from './niceness.js';

/** Each step of niceness takes a fifth of a process's weight against others (Linux: 1024 at 0, 820 at 1, ...). */
const weightOfStep = 1.25;
const mostNice = 19;
/** A script that nobody waits for weighs a third: services, and scripts that somebody waits for, go first. */
const niceInBackground = 5;

/** How nice each of so many processes must be to weigh together as much as one alone. */
export function nicenessOf(processes: number): number {
  return Math.min(mostNice, Math.round(Math.log(processes) / Math.log(weightOfStep)));
}

/** A jail at work, and whether nobody waits for what it does. */
export type Working = { jail: Jail; isBackground: boolean };

/** Scripts that end sooner need no share: to tell the system costs more than they take. */
const applyMs = 100;

/**
 * Gives every environment the processor share of one process, however many of its scripts run at once; so scripts that
 * only compute do not slow down those of others.
 */
export class FairShares {
  readonly #running = new Map<number, Set<Working>>();
  readonly #changed = new Set<ReadonlySet<Working>>();
  readonly #applied = new WeakMap<Jail, number>();
  readonly #confined = new WeakSet<Jail>();
  readonly #niceness = new Niceness();
  #timer: NodeJS.Timeout | undefined;

  /** @returns what to call when the run is over */
  enter(environmentId: number, working: Working): () => void {
    const own = this.#running.get(environmentId) ?? new Set();
    this.#running.set(environmentId, own.add(working));
    this.#shareSoon(own);
    return () => {
      own.delete(working);
      this.#shareSoon(own);
      if (own.size === 0) this.#running.delete(environmentId);
    };
  }

  #shareSoon(own: ReadonlySet<Working>): void {
    this.#changed.add(own);
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      for (const each of this.#changed) this.#share(each);
      this.#changed.clear();
    }, applyMs).unref();
  }

  /** One environment's scripts that nobody waits for do not take every processor. */
  #confine(background: readonly Working[]): void {
    if (background.length < processorCount) return;
    for (const { jail } of background) {
      if (jail.pid === undefined || this.#confined.has(jail)) continue;
      this.#confined.add(jail);
      confine(jail.pid);
    }
  }

  #share(own: ReadonlySet<Working>): void {
    this.#confine([...own].filter(({ isBackground }) => isBackground));
    const shared = nicenessOf(own.size);
    for (const { jail, isBackground } of own) {
      const niceness = Math.min(mostNice, shared + (isBackground ? niceInBackground : 0));
      if (jail.pid === undefined || (this.#applied.get(jail) ?? 0) === niceness) continue;
      this.#applied.set(jail, niceness);
      this.#niceness.set(jail.pid, niceness);
    }
  }
}
