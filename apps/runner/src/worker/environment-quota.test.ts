import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Admission, EnvironmentQuota } from './environment-quota.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const action = { environment: 'a', isBackground: false };
const sync = { environment: 'a', isBackground: true };

function aQuota() {
  let waiting = 0;
  const quota = new EnvironmentQuota({ perEnvironment: 3, backgroundPerEnvironment: 2 }, (change) => (waiting += change));
  return { quota, waiting: () => waiting };
}

const leave = (admission: Admission): void => {
  if (admission.kind !== 'admitted') throw new Error('it was not admitted');
  admission.leave();
};

describe('the quota of an environment', () => {
  it('admits as many as its bounds say, and keeps a place for those who wait for an answer', async () => {
    const { quota, waiting } = aQuota();
    await Promise.all([quota.enter(sync), quota.enter(sync)]);
    const third = quota.enter(sync);
    expect(await quota.enter(action)).toMatchObject({ kind: 'admitted' });
    expect(waiting()).toBe(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await third).toMatchObject({ kind: 'deferred' });
    expect(waiting()).toBe(0);
  });

  it('is nothing to another environment', async () => {
    const { quota } = aQuota();
    for (let count = 0; count < 9; count += 1) void quota.enter(action);
    expect(await quota.enter({ ...action, environment: 'b' })).toMatchObject({ kind: 'admitted' });
  });

  it('hands a free place to who waits: actions first, then in turn', async () => {
    const { quota } = aQuota();
    const first = await quota.enter(sync);
    await Promise.all([quota.enter(sync), quota.enter(action)]);
    const order: string[] = [];
    const enter = (name: string, applicant: typeof sync) => quota.enter(applicant).then((admission) => (order.push(name), admission));
    const [earlier, later, urgent] = [enter('earlier', sync), enter('later', sync), enter('urgent', action)];
    leave(first);
    leave(await urgent);
    leave(await earlier);
    await later;
    expect(order).toEqual(['urgent', 'earlier', 'later']);
  });

  it('gives those it cannot take appointments one after another', async () => {
    const { quota } = aQuota();
    await Promise.all([quota.enter(sync), quota.enter(sync)]);
    const crowd = Array.from({ length: 300 }, () => quota.enter(sync));
    await vi.advanceTimersByTimeAsync(3_000);
    const deferred = (await Promise.all(crowd)).map((admission) => (admission.kind === 'deferred' ? admission.afterMs : 0));
    // A hundred of them waited first, and come after the two hundred that could not even wait.
    expect(deferred.slice(100, 104)).toEqual([1_000, 1_250, 1_500, 1_750]);
    expect(Math.max(...deferred)).toBe(1_000 + 299 * 250 - 3_000);
  });

  it('has no action stand behind syncs, and nobody come much later because of those who may have been cancelled', async () => {
    const { quota } = aQuota();
    await Promise.all([quota.enter(sync), quota.enter(sync), quota.enter(action)]);
    const crowd = Array.from({ length: 3_000 }, () => quota.enter(sync));
    await vi.advanceTimersByTimeAsync(3_000);
    const deferred = (await Promise.all(crowd)).map((admission) => (admission.kind === 'deferred' ? admission.afterMs : 0));
    expect(Math.max(...deferred)).toBeLessThanOrEqual(300_000);
    // Those beyond the farthest are spread over its second half.
    const beyond = deferred.slice(2_000);
    for (const [from, to] of [
      [150_000, 200_000],
      [200_000, 250_000],
      [250_000, 300_001],
    ] as const)
      expect(beyond.filter((ms) => ms >= from && ms < to).length).toBeGreaterThan(200);
    const last = quota.enter(action);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await last).toEqual({ kind: 'deferred', afterMs: 1_000 });
  });

  it('gives appointments as far apart as its scripts take to make room', async () => {
    const { quota } = aQuota();
    await quota.enter(sync);
    for (let round = 0; round < 20; round += 1) {
      const admission = await quota.enter(sync);
      await vi.advanceTimersByTimeAsync(4_000);
      leave(admission);
    }
    await quota.enter(sync);
    const crowd = [quota.enter(sync), quota.enter(sync)];
    await vi.advanceTimersByTimeAsync(3_000);
    const [first, second] = (await Promise.all(crowd)).map((admission) => (admission.kind === 'deferred' ? admission.afterMs : 0));
    expect(first).toBeGreaterThanOrEqual(1_000);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(1_900);
    expect((second ?? 0) - (first ?? 0)).toBeLessThan(2_100);
  });

  it('sends everybody elsewhere when its runner stops', async () => {
    const { quota, waiting } = aQuota();
    await Promise.all([quota.enter(sync), quota.enter(sync)]);
    const third = quota.enter(sync);
    quota.close();
    expect(await third).toEqual({ kind: 'deferred', afterMs: 100 });
    expect(await quota.enter(action)).toEqual({ kind: 'deferred', afterMs: 100 });
    expect(waiting()).toBe(0);
  });

  it('forgets what is over', async () => {
    const { quota } = aQuota();
    for (let round = 0; round < 10; round += 1) {
      const admissions = await Promise.all([quota.enter(sync), quota.enter(sync), quota.enter(action)]);
      admissions.forEach(leave);
    }
    expect(await quota.enter(sync)).toMatchObject({ kind: 'admitted' });
  });
});
