import { confine, processorCount } from './confinement.js';
import type { Jail } from './driver.js';
import { Niceness } from './niceness.js';
import { canTellWhoComputes, Turns } from './turns.js';

/** Each step of niceness takes a fifth of a process's weight against others (Linux: 1024 at 0, 820 at 1, ...). */
const weightOfStep = 1.25;
const mostNice = 19;
/** A script that nobody waits for, or that does nothing but compute, weighs a third: services, and scripts that somebody waits for, go first. */
const niceInBackground = 5;

/** How nice each of so many processes must be to weigh together as much as one alone. */
export function nicenessOf(processes: number): number {
  return Math.min(mostNice, Math.round(Math.log(processes) / Math.log(weightOfStep)));
}

/** A jail at work, and whether nobody waits for what it does. */
export type Working = { jail: Jail; isBackground: boolean };

/** Scripts that end sooner need no share: to tell the system costs more than they take. */
const applyMs = 100;

/** What one environment has at work. Scripts that somebody waits for take turns among themselves: they are not behind the others. */
type Environment = { working: Set<Working>; turns: { background: Turns; awaited: Turns } };

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
  readonly #mayPause: boolean;
  #timer: NodeJS.Timeout | undefined;

  constructor({ mayPause }: { mayPause: boolean }) {
    this.#mayPause = mayPause && canTellWhoComputes;
  }

  /** @returns what to call when the run is over */
  enter(environmentId: number, working: Working): () => void {
    const environment = this.#environmentOf(environmentId);
    environment.working.add(working);
    if (ofKind(environment, working.isBackground).length >= processorCount) this.#takeTurns(environment, [working]);
    this.#shareSoon(environment);
    if (!working.isBackground && !environment.turns.awaited.computes(working.jail)) this.#othersGiveWayTo(environment);
    return () => {
      environment.working.delete(working);
      turnsOf(environment, working).leave(working.jail);
      this.#shareSoon(environment);
      if (environment.working.size === 0) this.#environments.delete(environmentId);
    };
  }

  #environmentOf(id: number): Environment {
    const known = this.#environments.get(id);
    if (known) return known;
    const options = { processors: processorCount, changed: () => this.#shareSoon(environment) };
    const environment: Environment = { working: new Set(), turns: { background: new Turns(options), awaited: new Turns(options) } };
    this.#environments.set(id, environment);
    return environment;
  }

  #othersGiveWayTo(environment: Environment): void {
    for (const other of this.#environments.values()) {
      if (other === environment) continue;
      other.turns.background.giveWay();
      other.turns.awaited.giveWay();
    }
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

  #share(environment: Environment): void {
    const { working, turns } = environment;
    for (const isBackground of [true, false]) {
      const kind = ofKind(environment, isBackground);
      if (kind.length < processorCount) continue;
      if (isBackground) this.#confine(kind);
      this.#takeTurns(environment, kind);
    }
    this.#makeNice(environment, nicenessOf(working.size - turns.background.resting - turns.awaited.resting));
  }

  #takeTurns(environment: Environment, scripts: readonly Working[]): void {
    if (this.#mayPause) for (const each of scripts) turnsOf(environment, each).join(each.jail);
  }

  /** One environment's scripts that nobody waits for do not take every processor. */
  #confine(background: readonly Working[]): void {
    for (const { jail } of background) {
      if (jail.pid === undefined || this.#confined.has(jail)) continue;
      this.#confined.add(jail);
      confine(jail.pid);
    }
  }

  #makeNice({ working, turns }: Environment, shared: number): void {
    for (const { jail, isBackground } of working) {
      const niceness = Math.min(mostNice, shared + (isBackground || turns.awaited.computes(jail) ? niceInBackground : 0));
      if (jail.pid === undefined || (this.#applied.get(jail) ?? 0) === niceness) continue;
      this.#applied.set(jail, niceness);
      this.#niceness.set(jail.pid, niceness);
    }
  }
}

function turnsOf({ turns }: Environment, { isBackground }: Working): Turns {
  return isBackground ? turns.background : turns.awaited;
}

function ofKind({ working }: Environment, isBackground: boolean): Working[] {
  return [...working].filter((each) => each.isBackground === isBackground);
}
