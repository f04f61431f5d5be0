import type { Pausable } from './pauses.js';
import { innermostOf } from './process-tree.js';
import { readOrEmpty } from './read-or-empty.js';

/** How long a script computes before the next one has its turn; shorter where many wait, so that up to 40 are heard of within a second. */
const turnMs = { most: 200, least: 20, round: 800 };

/** Who wants the processor for so much of the time does nothing but compute; others wait for answers, too, and go on as they like. */
const computingShare = 0.8;

/** The kernel books what a process has had in steps of some milliseconds: to tell who computes takes longer than that. */
const judgedAfterMs = 100;

/** Who has had the processor for less does not compute: on a busy machine everybody waits for it. */
const leastComputedMs = 50;

/** For so long those that compute give way to somebody who is waited for, and they need not do so again before a quarter of the time was theirs. */
const givingWay = { forMs: 75, everyMs: 100 };

/** An action keeps hardly more of them busy at a time: what starts it, runs it and writes down what came of it. */
const processorsOfAnAction = 2;

/** Whether the system tells how long a process waits for the processor; without that nobody knows who computes. */
export const canTellWhoComputes = timesOf(process.pid).ranMs > 0;

type Measured = { since: number; ranMs: number; waitedMs: number; pausedMs: number };
type Member = Measured & { script: Pausable; pid: number; ranBeforeMs: number };

/** `processors` is how many there are; `changed` is called when more or fewer scripts rest than before. */
type TurnsOptions = { processors: number; changed?: () => void };

/**
 * Leaves one of the processors to others, whoever computes: of some scripts that do, as many as there are processors left compute at
 * once, and the others rest meanwhile. Left to the kernel they would get as much done, but each of them stands in the way of processes
 * of others that wake up (docs/decisions/018).
 */
export class Turns {
  readonly #processors: number;
  readonly #atOnce: number;
  readonly #changed: () => void;
  readonly #members = new Map<Pausable, Member>();
  /** Also those that have left while others were at work: a jail that runs the same script again will compute again. */
  readonly #computing = new WeakSet<Pausable>();
  /** Those that compute: the first ones have their turn. */
  #line: Member[] = [];
  #timer: NodeJS.Timeout | undefined;
  #givesWay = false;
  #givesWayNotBefore = 0;

  constructor({ processors, changed = () => undefined }: TurnsOptions) {
    this.#processors = processors;
    this.#atOnce = Math.max(1, processors - 1);
    this.#changed = changed;
  }

  /** How many wait for their turn. */
  get resting(): number {
    return Math.max(0, this.#line.length - this.#atOnce);
  }

  /** Whether a script does nothing but compute, as far as is known, or did when it was last here. */
  computes(script: Pausable): boolean {
    return this.#computing.has(script);
  }

  /** Follows a script from now on. */
  join(script: Pausable): void {
    if (this.#members.has(script) || script.pid === undefined) return;
    const pid = innermostOf(script.pid);
    const now = measured(script, pid);
    const member = { script, pid, ranBeforeMs: now.ranMs, ...now };
    this.#members.set(script, member);
    if (this.computes(script)) {
      this.#line.push(member);
      this.#giveTurns();
    }
    this.#nextSoon();
  }

  /** It goes on as it likes, and somebody else has its turn. */
  leave(script: Pausable): void {
    const member = this.#members.get(script);
    if (!member) return;
    this.#judge(member);
    if (this.computes(script) && timesOf(member.pid).ranMs - member.ranBeforeMs < leastComputedMs) this.#computing.delete(script);
    this.#members.delete(script);
    this.#line = this.#line.filter((other) => other !== member);
    script.resume();
    this.#giveTurns();
  }

  /** Those that compute leave the processors to somebody for a moment, unless they just did, or one is free anyway. */
  giveWay(): void {
    const now = performance.now();
    if (this.#line.length < this.#processors || now < this.#givesWayNotBefore) return;
    this.#givesWayNotBefore = now + givingWay.everyMs;
    this.#setWay(true);
    setTimeout(() => this.#setWay(false), givingWay.forMs).unref();
  }

  #setWay(givesWay: boolean): void {
    this.#givesWay = givesWay;
    this.#giveTurns();
  }

  #nextSoon(): void {
    if (this.#timer || this.#members.size < this.#processors) return;
    const each = (turnMs.round * this.#atOnce) / this.#line.length;
    // A turn does not end while others are given way to.
    const ms = this.#givesWay ? givingWay.forMs : Math.max(turnMs.least, Math.min(turnMs.most, each));
    this.#timer = setTimeout(() => this.#next(), ms).unref();
  }

  #next(): void {
    this.#timer = undefined;
    if (!this.#givesWay) this.#rotate();
    this.#nextSoon();
  }

  #rotate(): void {
    const restedBefore = this.resting;
    const newcomers = [...this.#members.values()].filter((member) => !this.#line.includes(member) && this.#judge(member));
    const hadTheirTurn = this.#line.splice(0, this.#atOnce).filter((member) => this.#judge(member));
    this.#line.push(...newcomers, ...hadTheirTurn);
    this.#giveTurns();
    if (this.resting !== restedBefore) this.#changed();
  }

  /** Anew when it has run for long enough since the last time. */
  #judge(member: Member): boolean {
    const { script } = member;
    const passedMs = performance.now() - member.since - (script.pausedMs - member.pausedMs);
    if (passedMs < judgedAfterMs) return this.computes(script);
    const now = measured(script, member.pid);
    const demand = (now.ranMs + now.waitedMs - member.ranMs - member.waitedMs) / passedMs;
    const computes = demand >= computingShare && now.ranMs - member.ranBeforeMs >= leastComputedMs;
    if (computes) this.#computing.add(script);
    else this.#computing.delete(script);
    Object.assign(member, now);
    return computes;
  }

  #giveTurns(): void {
    const atOnce = this.#givesWay ? Math.max(0, this.#processors - processorsOfAnAction) : this.#atOnce;
    for (const [index, { script }] of this.#line.entries()) {
      if (index >= atOnce) script.pause();
      else script.resume();
    }
  }
}

function measured({ pausedMs }: Pausable, pid: number): Measured {
  return { since: performance.now(), pausedMs, ...timesOf(pid) };
}

/**
 * How long a process has had the processor, and waited for it, by its main thread: scripts run in that.
 * Nothing where the system does not tell, and of a process that is gone.
 */
function timesOf(pid: number): Pick<Measured, 'ranMs' | 'waitedMs'> {
  const [ran = 0, waited = 0] = readOrEmpty(`/proc/${pid}/schedstat`).split(' ').map(Number);
  return { ranMs: ran / 1e6, waitedMs: waited / 1e6 };
}
