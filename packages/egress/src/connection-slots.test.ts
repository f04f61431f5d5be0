import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ConnectionSlots, type Release, type SlotRequest } from './connection-slots.js';

const atOnce = (place: Release | Promise<Release>): place is Release => typeof place === 'function';
const take = (slots: ConnectionSlots, environmentId: number, host: string, more: Partial<SlotRequest> = {}) =>
  slots.take({ environmentId, host, priority: 'interactive', ...more });

describe('the places of calls under way', () => {
  it('are had at once up to the bound of a host, then in the order of asking', async () => {
    const slots = new ConnectionSlots({ perHost: 2 });
    const places = [take(slots, 1, 'a'), take(slots, 1, 'a')];
    expect(places.every(atOnce)).toBe(true);
    const order: string[] = [];
    const waiting = ['first', 'second'].map(async (name) => {
      const release = await take(slots, 1, 'a');
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

  it('of one host and one environment are nothing to the others', async () => {
    const slots = new ConnectionSlots({ perHost: 1, perEnvironment: 10 });
    const places = [take(slots, 1, 'a'), take(slots, 1, 'b'), take(slots, 2, 'a')];
    expect(places.every(atOnce)).toBe(true);
    const waiting = take(slots, 1, 'a');
    expect(atOnce(waiting)).toBe(false);
    (places[0] as Release)();
    await waiting;
  });

  it('are bounded for an environment in all, but never so that a further host gets none', async () => {
    const slots = new ConnectionSlots({ perHost: 3, perEnvironment: 4 });
    const taken = ['a', 'a', 'a', 'b'].map((host) => take(slots, 1, host) as Release);
    expect(atOnce(take(slots, 1, 'c'))).toBe(true);
    expect(atOnce(take(slots, 1, 'c'))).toBe(true);
    const third = take(slots, 1, 'c');
    expect(atOnce(third)).toBe(false);
    for (const release of taken) release();
    expect(typeof (await third)).toBe('function');
  });

  it('are given back once, however often that is said', async () => {
    const slots = new ConnectionSlots({ perHost: 1 });
    const release = take(slots, 1, 'a') as Release;
    release();
    const second = take(slots, 1, 'a');
    release();
    const third = take(slots, 1, 'a');
    expect([second, third].map(atOnce)).toEqual([true, false]);
    (second as Release)();
    await third;
  });

  it('are not waited for by too many, nor for too long', async () => {
    const slots = new ConnectionSlots({ perHost: 1, waitingPerHost: 1, longestWaitMs: 20 });
    take(slots, 1, 'a');
    const waiting = take(slots, 1, 'a');
    expect(() => take(slots, 1, 'a')).toThrow(expect.objectContaining({ code: 'upstream_busy', status: 503 }));
    await expect(waiting).rejects.toMatchObject({ code: 'upstream_busy', payload: { retryAfterSeconds: 1 } });
  });

  it('are left to the next one by a caller who went away', async () => {
    const slots = new ConnectionSlots({ perHost: 1 });
    const release = take(slots, 1, 'a') as Release;
    const caller = new AbortController();
    const gone = slots.take({ environmentId: 1, host: 'a', priority: 'interactive', signal: caller.signal });
    const next = take(slots, 1, 'a');
    caller.abort();
    await expect(gone).rejects.toThrow('The caller has gone');
    release();
    expect(typeof (await next)).toBe('function');
  });

  /** The names of those who got a place, in that order; each gives it back at once. */
  const served = async (asked: Promise<string>[], first: Release): Promise<string[]> => {
    const order: string[] = [];
    const done = asked.map((name) => name.then((text) => order.push(text)));
    first();
    await Promise.all(done);
    return order;
  };
  const named = (slots: ConnectionSlots, host: string, more: Partial<SlotRequest>): Promise<string> =>
    Promise.resolve(take(slots, 1, host, more)).then((release) => (release(), `${host} ${more.priority}`));

  it('go to who is more urgent first, and to equals in the order of asking', async () => {
    const slots = new ConnectionSlots({ perHost: 1 });
    const first = take(slots, 1, 'a') as Release;
    const asked = (['backfill', 'incremental', 'webhook', 'interactive'] as const).map((priority) => named(slots, 'a', { priority }));
    expect(await served(asked, first)).toEqual(['a interactive', 'a webhook', 'a incremental', 'a backfill']);
  });

  it('are not withheld for ever from who is less urgent: after some seconds it goes first', async () => {
    const slots = new ConnectionSlots({ perHost: 1 });
    const first = take(slots, 1, 'a') as Release;
    const asked = [named(slots, 'a', { priority: 'interactive' }), named(slots, 'a', { priority: 'backfill', since: Date.now() - 10_000 })];
    expect(await served(asked, first)).toEqual(['a backfill', 'a interactive']);
  });

  it('go to who is more urgent also where it waits for another host, kept out by the bound of the environment alone', async () => {
    const slots = new ConnectionSlots({ perHost: 3, perEnvironment: 4 });
    const [first] = ['a', 'a', 'b', 'b'].map((host) => take(slots, 1, host) as Release);
    const asked = [named(slots, 'a', { priority: 'backfill' }), named(slots, 'b', { priority: 'interactive' })];
    expect(await served(asked, first as Release)).toEqual(['b interactive', 'a backfill']);
  });

  it('are waited for by who is more urgent also in a full line, from which the last one has to go', async () => {
    const slots = new ConnectionSlots({ perHost: 1, waitingPerHost: 2 });
    const first = take(slots, 1, 'a') as Release;
    const asked = [named(slots, 'a', { priority: 'backfill' }), named(slots, 'a', { priority: 'backfill' })];
    const urgent = named(slots, 'a', { priority: 'interactive' });
    await expect(asked[1]).rejects.toMatchObject({ code: 'upstream_busy' });
    expect(() => take(slots, 1, 'a', { priority: 'backfill' })).toThrow(expect.objectContaining({ code: 'upstream_busy' }));
    expect(await served([urgent, asked[0] as Promise<string>], first)).toEqual(['a interactive', 'a backfill']);
  });
});
