import type { Demand, Priority } from 'model';
import { LongWait, type Admission } from './governor.js';
import { turnOf } from './turn.js';

type Waiter = { priority: Priority; turn: number; until: number; enter: () => void; leave: (reason: Error) => void };

/** So many demands are told at once. */
const mostDemands = 40;
/** A budget that lets nothing through for a while is asked about again no sooner. */
const leastRestMs = 1_000;

/** The calls of one process that wait for a place in one budget, in the order of their turns. */
export class WaitingLine {
  private readonly waiters: Waiter[] = [];

  get length(): number {
    return this.waiters.length;
  }

  /** Whether somebody waits whose turn comes before that of a call which came at `cameAt`. */
  isBefore(priority: Priority, cameAt: number): boolean {
    const [first] = this.waiters;
    return first !== undefined && first.turn <= turnOf(priority, cameAt);
  }

  /** Resolves when the call gets a place. @throws LongWait, or the signal's reason */
  wait({ priority, longestWaitMs, signal }: Admission, now: number, cameAt: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(gone());
      const abort = (): void => {
        this.remove(waiter);
        waiter.leave(gone());
      };
      const stop = (): void => signal.removeEventListener('abort', abort);
      const waiter: Waiter = {
        priority,
        turn: turnOf(priority, cameAt),
        until: longestWaitMs === null ? Infinity : now + longestWaitMs,
        enter: () => (stop(), resolve()),
        leave: (reason) => (stop(), reject(reason)),
      };
      signal.addEventListener('abort', abort, { once: true });
      this.insert(waiter);
    });
  }

  /** What the first of them wait for. */
  demands(): Demand[] {
    return this.waiters.slice(0, mostDemands).map(({ priority, turn }) => ({ priority, count: 1, turn }));
  }

  /** Lets in those to whose demands a place was granted, as far as they still wait; answers how many places nobody took. */
  admit(demands: readonly Demand[], granted: readonly number[], onEnter: (priority: Priority) => void): number {
    let unclaimed = 0;
    for (const [at, demand] of demands.entries()) {
      if ((granted[at] ?? 0) === 0) continue;
      const waiter = this.waiters.find(({ priority, turn }) => priority === demand.priority && turn === demand.turn);
      if (waiter) this.letIn(waiter, onEnter);
      else unclaimed++;
    }
    return unclaimed;
  }

  /** Lets those in whom `mayEnter` lets, one after the other. */
  admitWhile(mayEnter: (priority: Priority) => boolean, onEnter: (priority: Priority) => void): void {
    for (let at = 0; at < this.waiters.length;) {
      const waiter = this.waiters[at];
      if (waiter && mayEnter(waiter.priority)) this.letIn(waiter, onEnter);
      else at++;
    }
  }

  /** Sends away those who would wait too long: the first waits `waitMs`, each one behind it `eachMs` more. */
  sendAway({ waitMs, eachMs }: { waitMs: number; eachMs: number }, now: number): void {
    for (const [ahead, waiter] of Array.from(this.waiters.entries())) {
      const expected = now + waitMs + ahead * eachMs;
      if (expected <= waiter.until && now < waiter.until) continue;
      this.remove(waiter);
      waiter.leave(new LongWait(new Date(Math.max(expected, now + leastRestMs))));
    }
  }

  private letIn(waiter: Waiter, onEnter: (priority: Priority) => void): void {
    this.remove(waiter);
    onEnter(waiter.priority);
    waiter.enter();
  }

  private insert(waiter: Waiter): void {
    const behind = this.waiters.findIndex(({ turn }) => turn > waiter.turn);
    this.waiters.splice(behind === -1 ? this.waiters.length : behind, 0, waiter);
  }

  private remove(waiter: Waiter): void {
    const at = this.waiters.indexOf(waiter);
    if (at !== -1) this.waiters.splice(at, 1);
  }
}

const gone = (): DOMException => new DOMException('The caller has gone', 'AbortError');
