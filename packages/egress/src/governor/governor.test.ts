import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BudgetRef, Governor } from './governor.js';
import { openGovernor } from './governor.js';
import { SharedGovernor } from './shared-governor.js';
import { client, type Outcome } from './test/clients.js';
import { type ApiOptions, LimitedApi } from './test/limited-api.js';
import { MemoryStore } from './test/memory-store.js';

const budget: BudgetRef = { environmentId: 1, scope: 'connection', id: 1, stated: [], learns: true };

/** Six syncs, two clients and an action a second for a minute. */
async function scenario(options: ApiOptions, { governed = true, ref = budget, processes = 1, seconds = 60 } = {}) {
  const api = new LimitedApi(options);
  const store = new MemoryStore();
  const governors: Governor[] = Array.from({ length: processes }, () => (governed ? new SharedGovernor(store) : openGovernor));
  await Promise.all(governors.map((governor) => (governor instanceof SharedGovernor ? governor.follow() : undefined)));
  const outcomes: Outcome[] = [];
  const until = Date.now() + seconds * 1_000;
  const of = (priority: Outcome['priority'], index: number, pauseMs = 0) =>
    client(governors[index % processes] ?? openGovernor, { budget: ref, api, priority, until, pauseMs, outcomes });
  const all = Promise.all([
    ...Array.from({ length: 6 }, (_, index) => of(index < 3 ? 'backfill' : 'incremental', index)),
    ...Array.from({ length: 2 }, (_, index) => of('interactive', index, 500)),
    of('interactive', 1, 1_000),
  ]);
  await vi.advanceTimersByTimeAsync(seconds * 1_000 + 30_000);
  await all;
  await Promise.all(governors.map((governor) => governor.close()));
  const answers = api.accepted.length + api.refused.length;
  const interactive = outcomes.filter(({ priority }) => priority === 'interactive').map(({ waitedMs }) => waitedMs).toSorted((a, b) => a - b);
  return {
    refused: api.refused.length / answers,
    refusals: api.refused.length,
    used: api.accepted.length / (options.perSecond * seconds + (options.kind === 'bucket' ? options.burst : 0)),
    p95: interactive[Math.floor(interactive.length * 0.95)] ?? 0,
    ofBackfill: outcomes.filter(({ priority }) => priority === 'backfill').length,
    api,
  };
}

describe('a rate budget', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_000 }));
  afterEach(() => void vi.useRealTimers());

  for (const kind of ['bucket', 'window'] as const)
    for (const tells of ['headers', 'draft', 'refusals', 'bare refusals'] as const)
      for (const processes of [1, 2])
        it(`figures ${kind} ${tells} ${processes}`, async () => {
          const { api, ...figures } = await scenario({ kind, perSecond: 10, burst: 20, tells }, { processes });
          console.log(kind, tells, processes, JSON.stringify(figures));
          expect(figures.used).toBeGreaterThan(0);
        });
});
