import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Admission, type BudgetRef, budgetKey, LongWait, type Place } from './governor.js';
import { SharedGovernor } from './shared-governor.js';
import { MemoryStore } from './test/memory-store.js';

const learned: BudgetRef = { environmentId: 1, scope: 'connection', id: 1, stated: [], learns: true };
const stated = (perSecond: number, capacity: number): BudgetRef => ({ ...learned, stated: [{ name: 'setting', source: 'setting', perSecond, capacity }] });
const call = (more: Partial<Admission> = {}): Admission => ({ priority: 'interactive', longestWaitMs: 20_000, signal: new AbortController().signal, ...more });
const refusal = (headers: Record<string, string> = {}) => ({ status: 429, headers });

/** Places as they are taken, in order. */
function order(governor: SharedGovernor, ref: BudgetRef, calls: Admission['priority'][]): string[] {
  const seen: string[] = [];
  for (const priority of calls) void Promise.resolve(governor.admit([ref], call({ priority }))).then(() => seen.push(priority));
  return seen;
}

describe('the governor', () => {
  let store: MemoryStore;
  let governor: SharedGovernor;
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_800_000_000_000 });
    store = new MemoryStore();
    governor = new SharedGovernor(store);
  });
  afterEach(async () => {
    await governor.close();
    vi.useRealTimers();
  });

  const exhaust = async (ref: BudgetRef, count: number): Promise<void> => {
    for (let done = 0; done < count; done++) (await settled(governor.admit([ref], call()))).answered({ status: 200, headers: {} });
  };
  const settled = async (place: Place | Promise<Place>): Promise<Place> => {
    if (place instanceof Promise) await vi.advanceTimersByTimeAsync(10);
    return place;
  };

  it('lets through at once what nothing is known of, and asks nobody after the first call', async () => {
    await governor.admit([learned], call());
    const change = vi.spyOn(store, 'change');
    const known = vi.spyOn(store, 'isKnown');
    const places = Array.from({ length: 100 }, () => governor.admit([learned], call()));
    for (const place of places) expect(place).not.toBeInstanceOf(Promise);
    expect([change.mock.calls, known.mock.calls]).toEqual([[], []]);
  });

  it('keeps places ready, so that calls of a busy connection ask nobody either', async () => {
    const ref = stated(1_000, 500);
    await exhaust(ref, 50);
    await vi.advanceTimersByTimeAsync(10);
    expect(governor.admit([ref], call())).not.toBeInstanceOf(Promise);
  });

  it('lets in by priority, and in the order of coming within one', async () => {
    const ref = stated(10, 1);
    await exhaust(ref, 1);
    const seen = order(governor, ref, ['backfill', 'incremental', 'webhook', 'interactive', 'incremental']);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(seen).toEqual(['interactive', 'webhook', 'incremental', 'incremental', 'backfill']);
  });

  it('sends away at once what would have to wait longer than it waits, and says until when', async () => {
    const place = await settled(governor.admit([learned], call()));
    place.answered(refusal({ 'retry-after': '60' }));
    const refused = Promise.resolve(governor.admit([learned], call())).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10);
    const error = await refused;
    expect(error).toBeInstanceOf(LongWait);
    expect(error instanceof LongWait && error.until.getTime() - Date.now()).toBeGreaterThan(59_000);
  });

  it('reckons with those who wait before', async () => {
    const ref = stated(1, 1);
    await exhaust(ref, 1);
    const results = Array.from({ length: 30 }, () =>
      Promise.resolve(governor.admit([ref], call())).then(
        () => 'in',
        (error: unknown) => error,
      ),
    );
    await vi.advanceTimersByTimeAsync(25_000);
    const away = (await Promise.all(results)).filter((result) => result instanceof LongWait);
    expect(away.length).toBeGreaterThanOrEqual(9);
    expect(away.length).toBeLessThanOrEqual(11);
  });

  it('waits as long as it takes for those who asked for that', async () => {
    (await settled(governor.admit([learned], call()))).answered(refusal({ 'retry-after': '60' }));
    let entered = false;
    void Promise.resolve(governor.admit([learned], call({ longestWaitMs: null }))).then(() => (entered = true));
    await vi.advanceTimersByTimeAsync(59_000);
    expect(entered).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(entered).toBe(true);
  });

  it('lets go of a caller that goes away, and of its place in the line', async () => {
    const ref = stated(10, 1);
    await exhaust(ref, 1);
    const caller = new AbortController();
    const gone = Promise.resolve(governor.admit([ref], call({ signal: caller.signal }))).catch((error: unknown) => error);
    const seen = order(governor, ref, ['interactive']);
    caller.abort();
    expect(await gone).toMatchObject({ name: 'AbortError' });
    await vi.advanceTimersByTimeAsync(130);
    expect(seen).toEqual(['interactive']);
  });

  it('tells other processes of a refusal, which send nothing more', async () => {
    const other = new SharedGovernor(store);
    await other.follow();
    await other.admit([learned], call());
    expect(other.admit([learned], call())).not.toBeInstanceOf(Promise);
    (await settled(governor.admit([learned], call()))).answered(refusal({ 'retry-after': '10' }));
    await vi.advanceTimersByTimeAsync(20);
    expect(other.admit([learned], call())).toBeInstanceOf(Promise);
    await other.close();
  });

  it('knows from the store what was learned before it began', async () => {
    (await settled(governor.admit([learned], call()))).answered(refusal({ 'retry-after': '10' }));
    await vi.advanceTimersByTimeAsync(20);
    const later = new SharedGovernor(store);
    let entered = false;
    void Promise.resolve(later.admit([learned], call())).then(() => (entered = true));
    await vi.advanceTimersByTimeAsync(9_000);
    expect(entered).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(entered).toBe(true);
    await later.close();
  });

  it('goes on with what it knows while the store is away', async () => {
    const ref = stated(10, 5);
    await exhaust(ref, 1);
    vi.spyOn(store, 'change').mockRejectedValue(new Error('away'));
    const seen = order(
      governor,
      ref,
      Array.from({ length: 40 }, () => 'interactive' as const),
    );
    await vi.advanceTimersByTimeAsync(1_000);
    expect(seen.length).toBeGreaterThanOrEqual(13);
    expect(seen.length).toBeLessThanOrEqual(16);
  });

  it('takes a place in each of several budgets', async () => {
    const app: BudgetRef = { ...stated(10, 1), scope: 'integration', id: 9 };
    void governor.admit([stated(1_000, 100), app], call());
    await vi.advanceTimersByTimeAsync(50);
    expect(store.states.get(budgetKey(app))?.limits[0]?.level).toBeLessThan(1);
    let entered = false;
    void Promise.resolve(governor.admit([stated(1_000, 100), app], call())).then(() => (entered = true));
    await vi.advanceTimersByTimeAsync(20);
    expect(entered).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(entered).toBe(true);
  });

  it('learns nothing where each endpoint is counted by itself', async () => {
    (await settled(governor.admit([{ ...learned, learns: false }], call()))).answered(refusal({ 'retry-after': '60' }));
    await vi.advanceTimersByTimeAsync(20);
    expect(governor.admit([{ ...learned, learns: false }], call())).not.toBeInstanceOf(Promise);
  });

  it('believes a provider whose wait stands in a header of its own', async () => {
    const ref = { ...learned, waits: { after: 'X-Come-Back' } };
    (await settled(governor.admit([ref], call()))).answered(refusal({ 'x-come-back': '30' }));
    await vi.advanceTimersByTimeAsync(10);
    expect(store.states.get(budgetKey(ref))?.blockedUntil).toBeGreaterThan(Date.now() + 29_000);
  });

  it('begins carefully with calls that nobody waits for', async () => {
    (await governor.admit([learned], call())).answered({ status: 200, headers: {} });
    expect(governor.admit([learned], call({ priority: 'backfill' }))).not.toBeInstanceOf(Promise);
    expect(governor.admit([learned], call({ priority: 'backfill' }))).toBeInstanceOf(Promise);
    expect(governor.admit([learned], call())).not.toBeInstanceOf(Promise);
  });

  it('gives a place that was not used to who waits, at once', async () => {
    const ref = stated(1, 2);
    const first = await settled(governor.admit([ref], call()));
    await exhaust(ref, 1);
    const seen = order(governor, ref, ['interactive']);
    first.unused();
    await vi.advanceTimersByTimeAsync(10);
    expect(seen).toEqual(['interactive']);
  });

  it('gives a place that was not used for a while to nobody: the bucket has filled up beside it', async () => {
    const ref = stated(1, 2);
    const first = await settled(governor.admit([ref], call()));
    await vi.advanceTimersByTimeAsync(2_000);
    await exhaust(ref, 2);
    const seen = order(governor, ref, ['interactive']);
    first.unused();
    await vi.advanceTimersByTimeAsync(100);
    expect(seen).toEqual([]);
  });

  it('lets go first who came first, wherever it has waited until now', async () => {
    const ref = stated(10, 1);
    await exhaust(ref, 1);
    const seen = order(governor, ref, ['incremental']);
    void Promise.resolve(governor.admit([ref], call({ priority: 'incremental', since: Date.now() - 1_000 }))).then(() => seen.push('older'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(seen).toEqual(['older', 'incremental']);
  });
});
