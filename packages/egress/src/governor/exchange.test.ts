import fc from 'fast-check';
import type { BudgetState, Demand, Priority } from 'model';
import { describe, expect, it } from 'vitest';
import { emptyBudget, exchange, type Exchanged, type ExchangeRequest, leaseMs } from './exchange.js';
import type { StatedLimit } from './limit.js';
import { turnOf } from './turn.js';

const start = 1_800_000_000_000;
const quiet = { returned: 0, held: 0, underWay: 0, answered: 0, readings: [], refusals: [], ahead: null, stated: [] as StatedLimit[] };
const one = (priority: Priority, at: number): Demand => ({ priority, count: 1, turn: turnOf(priority, at) });

/** A budget with one asker after the other. */
class Shared {
  state: BudgetState = emptyBudget;
  constructor(private readonly stated: StatedLimit[]) {}

  ask(process: string, now: number, request: Partial<ExchangeRequest>): Exchanged {
    const { state, result } = exchange(this.state, { ...quiet, stated: this.stated, process, demands: [], ...request }, now);
    this.state = state;
    return result;
  }
}

const limit = (perSecond: number, capacity: number): StatedLimit => ({ name: 'setting', source: 'setting', perSecond, capacity });

type Step = { process: number; afterMs: number; waits: number; ahead: number; keeps: number; uses: number; dies: boolean };
const steps = fc.array(
  fc.record({
    process: fc.nat(3),
    afterMs: fc.oneof(fc.nat(200), fc.nat(5_000)),
    waits: fc.nat(20),
    ahead: fc.nat(20),
    keeps: fc.nat(10),
    uses: fc.nat(30),
    dies: fc.boolean(),
  }),
  { minLength: 5, maxLength: 80 },
);

/** Processes that ask, use what they hold as late as they may, give back, and die; answers when places were used. */
function play(shared: Shared, script: readonly Step[], skewMs: readonly number[]): number[] {
  const lives = [0, 0, 0, 0];
  const hands = lives.map(() => ({ count: 0, until: 0 }));
  const used: number[] = [];
  let now = start;
  for (const { process, afterMs, waits, ahead, keeps, uses, dies } of script) {
    now += afterMs;
    const hand = hands[process] ?? { count: 0, until: 0 };
    const has = now < hand.until ? hand.count : 0;
    const spent = Math.min(has, uses);
    used.push(...Array<number>(spent).fill(now));
    // Whoever dies tells nothing any more, and comes back under another name.
    if (dies) lives[process] = (lives[process] ?? 0) + 1;
    const held = dies ? 0 : Math.min(has - spent, keeps);
    const demands: Demand[] = [{ priority: 'interactive', count: waits, turn: now }];
    const request = { held, returned: dies ? 0 : has - spent - held, demands, ahead: { priority: 'interactive' as const, count: ahead, turn: now } };
    const result = shared.ask(`${process}.${lives[process]}`, now + (skewMs[process] ?? 0), request);
    used.push(...Array<number>(result.granted[0] ?? 0).fill(now));
    hands[process] = { count: held + result.ahead, until: now + leaseMs };
  }
  return used;
}

/** Of a bucket that all of these were taken from: below nothing exactly where some stretch of time has seen too many. */
function lowestLevel(used: readonly number[], perSecond: number, burst: number): number {
  let [level, lowest, at] = [burst, burst, start];
  for (const moment of used) {
    level = Math.min(burst, level + (perSecond * (moment - at)) / 1_000) - 1;
    at = moment;
    lowest = Math.min(lowest, level);
  }
  return lowest;
}

describe('a shared budget', () => {
  it('never lets through more than its burst and its rate in any stretch of time, whoever asks, gives back or dies', () => {
    const property = fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 40 }), steps, (perSecond, burst, script) => {
      const used = play(new Shared([limit(perSecond, burst)]), script, []);
      expect(lowestLevel(used, perSecond, burst)).toBeGreaterThan(-1e-6);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('never lets clocks that differ fill it faster than the fastest of them runs', () => {
    const property = fc.property(steps, fc.array(fc.integer({ min: -2_000, max: 2_000 }), { minLength: 4, maxLength: 4 }), (script, skewMs) => {
      const used = play(new Shared([limit(10, 5)]), script, skewMs);
      const lastedMs = script.reduce((sum, { afterMs }) => sum + afterMs, 0);
      expect(used.length).toBeLessThanOrEqual(5 + (10 * (lastedMs + 4_000)) / 1_000);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('gives what is there to whoever somebody waits for first, and leaves a share to those who may still come', () => {
    const shared = new Shared([limit(10, 20)]);
    const demands = (['interactive', 'webhook', 'incremental', 'backfill'] as const).map((priority) => ({ ...one(priority, start), count: 20 }));
    expect(shared.ask('a', start, { demands: demands.toReversed().slice(0, 1) }).granted).toEqual([14]);
    expect(shared.ask('b', start, { demands }).granted).toEqual([6, 0, 0, 0]);
  });

  it('keeps for one process what another one waits for that comes before it', () => {
    const shared = new Shared([limit(10, 1)]);
    shared.ask('a', start, { demands: [one('interactive', start)] });
    expect(shared.ask('b', start + 10, { demands: [one('interactive', start + 10)] }).granted).toEqual([0]);
    expect(shared.ask('a', start + 110, { demands: [one('backfill', start + 20)] }).granted).toEqual([0]);
    expect(shared.ask('b', start + 120, { demands: [one('interactive', start + 10)] }).granted).toEqual([1]);
  });

  it('starves nobody: whoever has waited long enough goes before those who came since', () => {
    const shared = new Shared([limit(1, 1)]);
    let now = start;
    const waits = [one('backfill', start)];
    let served: number | undefined;
    for (; served === undefined && now < start + 60_000; now += 500) {
      const { granted } = shared.ask('a', now, { demands: [one('interactive', now), ...waits].toSorted((a, b) => a.turn - b.turn) });
      const at = one('interactive', now).turn <= (waits[0]?.turn ?? 0) ? 1 : 0;
      if (granted[at]) served = now;
    }
    expect(served).toBeLessThan(start + 10_000);
  });

  it('has the places of a process that died back when its lease has lapsed, and not sooner', () => {
    const shared = new Shared([limit(1_000, 10)]);
    expect(shared.ask('dead', start, { ahead: { ...one('interactive', start), count: 10 } }).ahead).toEqual(10);
    const all = (now: number) => shared.ask('a', now, { demands: [{ ...one('interactive', now), count: 10 }] }).granted;
    expect(all(start + leaseMs - 1)).toEqual([0]);
    expect(all(start + leaseMs + 1)).toEqual([0]);
    expect(all(start + leaseMs + 6)).toEqual([5]);
  });

  it('lets nobody through after a refusal until the wait is over, and tells how long that takes', () => {
    const shared = new Shared([]);
    const refusals = [{ at: start, sentAt: start - 30, waitMs: 30_000, explained: false, recently: 40 }];
    expect(shared.ask('a', start, { refusals, demands: [one('interactive', start)] })).toMatchObject({ granted: [0], waitMs: 30_000, urgent: true });
    expect(shared.ask('b', start + 29_999, { demands: [one('interactive', start)] }).granted).toEqual([0]);
    expect(shared.ask('b', start + 30_100, { demands: [one('interactive', start)] }).granted).toEqual([1]);
  });

  it('concludes the rate of an API from two refusals, and raises it slowly after', () => {
    const shared = new Shared([]);
    const refuse = (at: number, answered: number) =>
      shared.ask('a', at, { answered, refusals: [{ at, sentAt: at - 30, waitMs: 1_000, explained: false, recently: 40 }] });
    refuse(start, 40);
    refuse(start + 4_000, 40);
    const rate = () => shared.state.limits[0]?.perSecond ?? 0;
    expect(rate()).toBeCloseTo(9.5);
    shared.ask('a', start + 64_000, {});
    expect(rate()).toBeGreaterThan(9.5);
    expect(rate()).toBeLessThan(10.5);
  });

  it('takes a single refusal of calls that came slowly for what it is: a pause, and no rate', () => {
    const shared = new Shared([]);
    const refuse = (at: number, recently: number) => shared.ask('a', at, { refusals: [{ at, sentAt: at - 30, waitMs: 1_000, explained: false, recently }] });
    expect(refuse(start, 2)).toMatchObject({ limited: true, blockedUntil: start + 1_000 });
    expect(shared.ask('a', start + 1_001, { answered: 9 }).limited).toBe(false);
    refuse(start + 3_600_000, 2);
    expect(shared.state.limits).toEqual([]);
    refuse(start + 3_602_000, 2);
    expect(shared.state.limits).toMatchObject([{ source: 'refusals', perSecond: 2 }]);
  });

  it('believes what the API says is left more than its own count, less what the API cannot have counted yet', () => {
    const shared = new Shared([]);
    const reading = { name: 'default', remaining: 7, capacity: 100, resetsAt: start + 60_000, windowMs: 60_000, sentAt: start };
    shared.ask('a', start + 10, { readings: [{ ...reading, pending: 2 }] });
    expect(shared.state.limits).toMatchObject([{ source: 'headers', level: 5, capacity: 100 }]);
    expect(shared.ask('a', start + 20, { demands: [{ ...one('interactive', start), count: 9 }] })).toMatchObject({ granted: [5], waitMs: 59_980 });
    expect(shared.ask('a', start + 60_001, { demands: [{ ...one('interactive', start), count: 99 }] }).granted).toEqual([25]);
  });

  it('tries again in time where an API says what is left and not when it comes back', () => {
    const shared = new Shared([]);
    const reading = { name: 'day', remaining: 0, capacity: null, resetsAt: null, windowMs: 60_000, sentAt: start, pending: 0 };
    expect(shared.ask('a', start, { readings: [reading], demands: [one('interactive', start)] })).toMatchObject({ granted: [0], waitMs: 60_000 });
    expect(shared.ask('a', start + 30_000, { readings: [{ ...reading, sentAt: start + 30_000 }] }).granted).toEqual([]);
    expect(shared.ask('a', start + 60_001, { demands: [one('interactive', start)] }).granted).toEqual([1]);
  });

  it('forgets what an odd answer said once the API answers on without a word of it, and not while it is silent', () => {
    const shared = new Shared([]);
    const reading = { name: 'default', remaining: 7, capacity: null, resetsAt: null, windowMs: null, sentAt: start, pending: 0 };
    shared.ask('a', start, { readings: [reading], answered: 1 });
    shared.ask('a', start + 30_000, { answered: 5 });
    expect(shared.state.limits).toHaveLength(1);
    expect(shared.ask('a', start + 60_001, { demands: [one('interactive', start)] }).limited).toBe(false);
    shared.ask('a', start + 70_000, { readings: [{ ...reading, sentAt: start + 70_000 }], answered: 1 });
    expect(shared.ask('a', start + 600_000, { answered: 4 }).limited).toBe(true);
  });

  it('leaves to those above what they may still need of a window, and by its end nothing', () => {
    const at = (now: number): number | undefined => {
      const shared = new Shared([]);
      const reading = { name: 'default', remaining: 40, capacity: 101, resetsAt: start + 60_000, windowMs: 60_000, sentAt: now, pending: 0 };
      return shared.ask('a', now, { readings: [reading], demands: [{ ...one('backfill', now), count: 99 }] }).granted[0];
    };
    expect([at(start), at(start + 30_000), at(start + 59_999)]).toEqual([10, 25, 39]);
  });
});
