import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionSlots, type SlotRequest } from './connection-slots.js';
import { depart, type Departure } from './departure.js';
import { type Admission, type BudgetRef, LongWait } from './governor/governor.js';
import { SharedGovernor } from './governor/shared-governor.js';
import { MemoryStore } from './governor/test/memory-store.js';

const budget = (id: number, perSecond: number, capacity: number): BudgetRef => ({
  environmentId: 1,
  scope: 'connection',
  id,
  learns: false,
  stated: [{ name: 'setting', source: 'setting', perSecond, capacity }],
});
const request: SlotRequest = { environmentId: 1, host: 'a', priority: 'interactive' };

describe('a call that leaves', () => {
  let governor: SharedGovernor;
  beforeEach(() => {
    governor = new SharedGovernor(new MemoryStore());
  });
  afterEach(() => governor.close());

  const leaves = async (slots: ConnectionSlots, ref: BudgetRef, more: Partial<Admission> = {}): Promise<Departure> => {
    const since = Date.now();
    const admission = { priority: 'interactive' as const, longestWaitMs: 20_000, signal: new AbortController().signal, since, ...more };
    return depart(slots, { ...request, since }, () => governor.admit([ref], admission));
  };

  it('keeps to its budget also when many who waited for a connection get one at once', async () => {
    const slots = new ConnectionSlots({ perHost: 8 });
    const ref = budget(1, 40, 4);
    const sent: number[] = [];
    const call = async (lastsMs: () => number): Promise<void> => {
      const { release, place } = await leaves(slots, ref);
      sent.push(performance.now());
      await wait(lastsMs());
      release();
      place.answered({ status: 200, headers: {} });
    };
    // The API stalls until then, and answers everybody at once.
    const until = performance.now() + 1_500;
    await Promise.all(Array.from({ length: 60 }, () => call(() => Math.max(1, until - performance.now()))));
    let [level, at, lowest] = [4, sent[0] ?? 0, 4];
    for (const time of sent) {
      level = Math.min(4, level + ((time - at) * 40) / 1_000) - 1;
      [at, lowest] = [time, Math.min(lowest, level)];
    }
    // A timer's imprecision; with the place taken first it is -40.
    expect(lowest).toBeGreaterThan(-3);
    // And what it gave back was not lost: the rest took no longer than the budget asks.
    expect(performance.now() - until).toBeLessThan((52 / 40) * 1_000 + 500);
  });

  it('holds no connection while it waits for its budget, so that others use it', async () => {
    const slots = new ConnectionSlots({ perHost: 1 });
    const used = budget(1, 4, 1);
    (await leaves(slots, used)).release();
    const order: string[] = [];
    const waiting = leaves(slots, used).then(({ release }) => (order.push('waiting'), release()));
    await wait(20);
    await leaves(slots, budget(2, 100, 10)).then(({ release }) => (order.push('other'), release()));
    await waiting;
    expect(order).toEqual(['other', 'waiting']);
  });

  it('waits for a connection again where somebody else has it when its turn in the budget comes', async () => {
    const slots = new ConnectionSlots({ perHost: 1 });
    const used = budget(1, 10, 1);
    (await leaves(slots, used)).release();
    const waiting = leaves(slots, used);
    await wait(20);
    const other = await leaves(slots, budget(2, 100, 10));
    let left = false;
    void waiting.then(() => (left = true));
    await wait(250);
    expect(left).toBe(false);
    other.release();
    (await waiting).release();
  });

  it('that would wait too long for its budget leaves no connection behind', async () => {
    const slots = new ConnectionSlots({ perHost: 1 });
    const used = budget(1, 0.01, 1);
    (await leaves(slots, used)).release();
    await expect(leaves(slots, used)).rejects.toBeInstanceOf(LongWait);
    expect(slots.takeNow(request)).toBeTypeOf('function');
  });

  it('leaves at once where both are there, and what throws holds nothing', () => {
    const slots = new ConnectionSlots({ perHost: 1 });
    const held = depart(slots, request, () => ({ answered: () => undefined, failed: () => undefined, unused: () => undefined }));
    expect(held).not.toBeInstanceOf(Promise);
    if (!(held instanceof Promise)) held.release();
    expect(() =>
      depart(slots, request, () => {
        throw new LongWait(new Date());
      }),
    ).toThrow(LongWait);
    expect(slots.takeNow(request)).toBeTypeOf('function');
  });
});
