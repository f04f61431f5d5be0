import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BudgetRef, type Governor, openGovernor } from './governor.js';
import { SharedGovernor } from './shared-governor.js';
import { client, type Outcome } from './test/clients.js';
import { type ApiOptions, LimitedApi } from './test/limited-api.js';
import { MemoryStore } from './test/memory-store.js';

const budget: BudgetRef = { environmentId: 1, scope: 'connection', id: 1, stated: [], learns: true };
const seconds = 60;

/** Six syncs, two clients and an action a second for a minute, over some processes; none of them governed where there is no governor. */
async function figures(options: ApiOptions, governors: Governor[], ref = budget) {
  const api = new LimitedApi(options);
  const outcomes: Outcome[] = [];
  const until = Date.now() + seconds * 1_000;
  const run = (priority: Outcome['priority'], index: number, pauseMs = 0) =>
    client(governors[index % governors.length] ?? openGovernor, { budget: ref, api, priority, until, pauseMs, outcomes });
  const all = Promise.all([
    ...Array.from({ length: 6 }, (_, index) => run(index < 3 ? 'backfill' : 'incremental', index)),
    ...Array.from({ length: 2 }, (_, index) => run('interactive', index, 500)),
    run('interactive', 1, 1_000),
  ]);
  await vi.advanceTimersByTimeAsync(seconds * 1_000 + 30_000);
  await all;
  const waits = outcomes.filter(({ priority }) => priority === 'interactive').map(({ waitedMs }) => waitedMs);
  return {
    refused: api.refused.length / (api.accepted.length + api.refused.length),
    used: api.accepted.length / (options.perSecond * seconds + options.burst),
    p95: waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.95)] ?? Number.NaN,
    ofBackfill: outcomes.filter(({ priority }) => priority === 'backfill').length,
  };
}

describe('an API of ten calls a second, that many more would use', () => {
  let governors: SharedGovernor[] = [];
  beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }));
  afterEach(async () => {
    await Promise.all(governors.map((governor) => governor.close()));
    vi.useRealTimers();
  });

  const processes = async (count: number): Promise<SharedGovernor[]> => {
    const store = new MemoryStore();
    governors = Array.from({ length: count }, () => new SharedGovernor(store));
    await Promise.all(governors.map((governor) => governor.follow()));
    return governors;
  };
  const bucket = { kind: 'bucket', perSecond: 10, burst: 20 } as const;
  const window = { kind: 'window', perSecond: 10, burst: 20 } as const;

  it.each([
    ['headers', 1],
    ['headers', 2],
    ['draft', 1],
    ['draft', 3],
    ['refusals', 1],
    ['refusals', 2],
    ['bare refusals', 1],
    ['bare refusals', 2],
  ] as const)('is used to nine tenths without being overrun, told by %s, by %i processes', async (tells, count) => {
    const seen = await figures({ ...bucket, tells }, await processes(count));
    expect(seen.refused).toBeLessThan(0.01);
    expect(seen.used).toBeGreaterThan(0.9);
    expect(seen.p95).toBeLessThan(500);
    expect(seen.ofBackfill).toBeGreaterThan(20);
  });

  it.each(['headers', 'draft', 'refusals'] as const)('is used to nine tenths where it counts by windows, told by %s', async (tells) => {
    const seen = await figures({ ...window, tells }, await processes(2));
    expect(seen.refused).toBeLessThan(0.01);
    expect(seen.used).toBeGreaterThan(0.9);
    expect(seen.p95).toBeLessThan(2_000);
  });

  it('refuses nothing at all where the team has said what it takes', async () => {
    const ref: BudgetRef = { ...budget, stated: [{ name: 'setting', source: 'setting', perSecond: 10, capacity: 20 }] };
    const seen = await figures({ ...bucket, tells: 'bare refusals' }, await processes(3), ref);
    expect(seen.refused).toBe(0);
    expect(seen.used).toBeGreaterThan(0.95);
    expect(seen.p95).toBeLessThan(500);
  });

  it('refuses most where nobody governs', async () => {
    const seen = await figures({ ...bucket, tells: 'refusals' }, [openGovernor]);
    expect(seen.refused).toBeGreaterThan(0.5);
  });
});
