import { innermostOf } from './process-tree.js';
import { readOrEmpty } from './read-or-empty.js';

/** How long a script computes before the next one has its turn; shorter where many wait, so that each is heard of within a second. */
const turnMs = { most: 200, least: 20, round: 800 };

/** Who wants the processor for so much of the time does nothing but compute; others wait for answers, too, and go on as they like. */
const computingShare = 0.8;

/** Whether the system tells how long a process waits for the processor; without that nobody knows who computes. */
export const canTellWhoComputes = demandMs(process.pid) > 0;

/** For so long those that compute give way to somebody who is waited for, and for as long they need not do so again: half of the time is theirs. */
const giveWayMs = 50;

type Member = { pid: number; demandMs: number; since: number; isPaused: boolean };

/**
 * Lets at most so many of some processes compute at once; the others that want to are paused meanwhile (SIGSTOP). Left to the kernel they
 * would get as much done, but each of them stands in the way of processes of others that wake up (docs/decisions/018).
 */
export class Turns<Key> {
  readonly #atOnce: number;
  readonly #members = new Map<Key, Member>();
  /** Those that compute: the first ones have their turn. */
  #line: Member[] = [];
  #timer: NodeJS.Timeout | undefined;
  #givesWay = false;
  #givesWayNotBefore = 0;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** Follows a process, the innermost of those below the given one, from now on. */
  join(key: Key, pid: number): void {
    if (this.#members.has(key)) return;
    const innermost = innermostOf(pid);
    this.#members.set(key, { pid: innermost, demandMs: demandMs(innermost), since: performance.now(), isPaused: false });
    this.#nextSoon();
  }

  /** It goes on as it likes, and somebody else has its turn. */
  leave(key: Key): void {
    const member = this.#members.get(key);
    if (!member) return;
    this.#members.delete(key);
    this.#line = this.#line.filter((other) => other !== member);
    pause(member, false);
    this.#giveTurns();
  }

  /** Those that compute are paused for a moment, unless they just were, or there is a processor for each. */
  giveWay(): void {
    const now = performance.now();
    if (this.#line.length <= this.#atOnce || now < this.#givesWayNotBefore) return;
    this.#givesWayNotBefore = now + 2 * giveWayMs;
    this.#setWay(true);
    setTimeout(() => this.#setWay(false), giveWayMs).unref();
  }

  #setWay(givesWay: boolean): void {
    this.#givesWay = givesWay;
    this.#giveTurns();
  }

  #nextSoon(): void {
    if (this.#timer || this.#members.size <= this.#atOnce) return;
    const each = (turnMs.round * this.#atOnce) / this.#line.length;
    this.#timer = setTimeout(() => this.#next(), Math.max(turnMs.least, Math.min(turnMs.most, each))).unref();
  }

  #next(): void {
    this.#timer = undefined;
    const newcomers = [...this.#members.values()].filter((member) => !this.#line.includes(member) && computes(member));
    const hadTheirTurn = this.#line.splice(0, this.#atOnce).filter((member) => member.isPaused || computes(member));
    this.#line.push(...newcomers, ...hadTheirTurn);
    this.#giveTurns();
    this.#nextSoon();
  }

  #giveTurns(): void {
    for (const [index, member] of this.#line.entries()) pause(member, this.#givesWay || index >= this.#atOnce);
  }
}

/** Of the time since it was asked last, or went on. */
function computes(member: Member): boolean {
  const now = performance.now();
  const demand = demandMs(member.pid);
  const share = (demand - member.demandMs) / (now - member.since);
  Object.assign(member, { demandMs: demand, since: now });
  return share >= computingShare;
}

/**
 * How long a process has had the processor or waited for it, by its main thread: scripts run in that.
 * Nothing where the system does not tell, and of a process that is gone.
 */
function demandMs(pid: number): number {
  const [ran = 0, waited = 0] = readOrEmpty(`/proc/${pid}/schedstat`).split(' ').map(Number);
  return (ran + waited) / 1e6;
}

function pause(member: Member, isPaused: boolean): void {
  if (member.isPaused === isPaused) return;
  Object.assign(member, { isPaused, demandMs: demandMs(member.pid), since: performance.now() });
  try {
    process.kill(member.pid, isPaused ? 'SIGSTOP' : 'SIGCONT');
  } catch {
    // Gone meanwhile.
  }
}
