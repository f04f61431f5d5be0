import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ConnectionSlots, type Release } from './connection-slots.js';

const atOnce = (place: Release | Promise<Release>): place is Release => typeof place === 'function';

describe('the places of calls under way', () => {
  it('are had at once up to the bound of a host, then in the order of asking', async () => {
    const slots = new ConnectionSlots({ perHost: 2 });
    const places = [slots.take(1, 'a'), slots.take(1, 'a')];
    expect(places.every(atOnce)).toBe(true);
    const order: string[] = [];
    const waiting = ['first', 'second'].map(async (name) => {
      const release = await slots.take(1, 'a');
      order.push(name);
      return release;
    });
    await wait(5);
    expect(order).toEqual([]);
    (places[0] as Release)();
    (places[1] as Release)();
    await Promise.all(waiting);
    expect(order).toEqual(['first', 'second']);
  });

  it('of one host and one environment are nothing to the others', () => {
    const slots = new ConnectionSlots({ perHost: 1, perEnvironment: 10 });
    expect([slots.take(1, 'a'), slots.take(1, 'b'), slots.take(2, 'a')].every(atOnce)).toBe(true);
    expect(atOnce(slots.take(1, 'a'))).toBe(false);
  });

  it('are bounded for an environment in all, but never so that a further host gets none', async () => {
    const slots = new ConnectionSlots({ perHost: 3, perEnvironment: 4 });
    const taken = ['a', 'a', 'a', 'b'].map((host) => slots.take(1, host) as Release);
    expect(atOnce(slots.take(1, 'c'))).toBe(true);
    expect(atOnce(slots.take(1, 'c'))).toBe(true);
    const third = slots.take(1, 'c');
    expect(atOnce(third)).toBe(false);
    for (const release of taken) release();
    expect(typeof (await third)).toBe('function');
  });

  it('are given back once, however often that is said', () => {
    const slots = new ConnectionSlots({ perHost: 1 });
    const release = slots.take(1, 'a') as Release;
    release();
    const second = slots.take(1, 'a');
    release();
    expect(atOnce(second)).toBe(true);
    expect(atOnce(slots.take(1, 'a'))).toBe(false);
  });

  it('are not waited for by too many, nor for too long', async () => {
    const slots = new ConnectionSlots({ perHost: 1, waitingPerHost: 1, longestWaitMs: 20 });
    slots.take(1, 'a');
    const waiting = slots.take(1, 'a');
    expect(() => slots.take(1, 'a')).toThrow(expect.objectContaining({ code: 'upstream_busy', status: 503 }));
    await expect(waiting).rejects.toMatchObject({ code: 'upstream_busy', payload: { retryAfterSeconds: 1 } });
  });

  it('are left to the next one by a caller who went away', async () => {
    const slots = new ConnectionSlots({ perHost: 1 });
    const release = slots.take(1, 'a') as Release;
    const caller = new AbortController();
    const gone = slots.take(1, 'a', caller.signal);
    const next = slots.take(1, 'a');
    caller.abort();
    await expect(gone).rejects.toThrow('The caller has gone');
    release();
    expect(typeof (await next)).toBe('function');
  });
});
