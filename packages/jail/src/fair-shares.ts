import { confine, processorCount } from './confinement.js';
import type { Jail } from './driver.js';
import { Niceness } from './niceness.js';
import { canTellWhoComputes, Turns } from './turns.js';

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

/** What one environment has at work. */
type Environment = { working: Set<Working>; turns: Turns };

/**
 * Gives every environment the processor share of one process, however many of its scripts run at once; so scripts that
 * only compute do not slow down those of others. `mayPause` says that jails end with this process, also while they are paused.
 */
export class FairShares {
  readonly #environments = new Map<number, Environment>();
  readonly #changed = new Set<Environment>();
  readonly #applied = new WeakMap<Jail, number>();
  readonly #confined = new WeakSet<Jail>();
  readonly #niceness = new Niceness();
  readonly #takesTurns: boolean;
  #timer: NodeJS.Timeout | undefined;

  constructor({ mayPause }: { mayPause: boolean }) {
    this.#takesTurns = mayPause && canTellWhoComputes;
  }

  /** @returns what to call when the run is over */
  enter(environmentId: number, working: Working): () => void {
    const environment = this.#environmentOf(environmentId);
    environment.working.add(working);
    this.#shareSoon(environment);
    if (!working.isBackground) this.#othersGiveWayTo(environment);
    return () => {
      environment.working.delete(working);
      environment.turns.leave(working.jail);
      this.#shareSoon(environment);
      if (environment.working.size === 0) this.#environments.delete(environmentId);
    };
  }

  #environmentOf(id: number): Environment {
    const known = this.#environments.get(id);
    if (known) return known;
    const turns = new Turns({ processors: processorCount, changed: () => this.#shareSoon(environment) });
    const environment: Environment = { working: new Set(), turns };
    this.#environments.set(id, environment);
    return environment;
  }

  #othersGiveWayTo(environment: Environment): void {
    for (const other of this.#environments.values()) if (other !== environment) other.turns.giveWay();
  }

  #shareSoon(environment: Environment): void {
    this.#changed.add(environment);
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      for (const each of this.#changed) this.#share(each);
      this.#changed.clear();
    }, applyMs).unref();
  }

  #share({ working, turns }: Environment): void {
    const background = [...working].filter(({ isBackground }) => isBackground).map(({ jail }) => jail);
    if (background.length >= processorCount) this.#keepApart(background, turns);
    this.#makeNice(working, nicenessOf(working.size - turns.resting));
  }

  /** One environment's scripts that nobody waits for do not take every processor. */
  #keepApart(background: readonly Jail[], turns: Turns): void {
    for (const jail of background) {
      if (jail.pid === undefined) continue;
      if (this.#takesTurns) turns.join(jail);
      if (this.#confined.has(jail)) continue;
      this.#confined.add(jail);
      confine(jail.pid);
    }
  }

  #makeNice(working: ReadonlySet<Working>, shared: number): void {
    for (const { jail, isBackground } of working) {
      const niceness = Math.min(mostNice, shared + (isBackground ? niceInBackground : 0));
      if (jail.pid === undefined || (this.#applied.get(jail) ?? 0) === niceness) continue;
      this.#applied.set(jail, niceness);
      this.#niceness.set(jail.pid, niceness);
    }
  }
}
