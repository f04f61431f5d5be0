import { describe, expect, it } from 'vitest';
import { ConfigurationCache } from './configuration-cache.js';

type Value = { id: number };
const aCache = (options: Partial<{ limit: number; trustedForMs: number }> = {}) =>
  new ConfigurationCache<Value>({ limit: 10, trustedForMs: 60_000, tagsOf: ({ id }) => [`connection:${id}`], ...options });

describe('the cache', () => {
  it('looks up once, also for many at the same time', async () => {
    const cache = aCache();
    let loads = 0;
    const load = async (): Promise<Value> => ({ id: ++loads });
    expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([{ id: 1 }, { id: 1 }]);
    expect(cache.get('a', load)).toEqual({ id: 1 });
  });

  it('forgets what a change names, and everything when it may have missed some', async () => {
    const cache = aCache();
    await cache.get('a', async () => ({ id: 1 }));
    await cache.get('b', async () => ({ id: 2 }));
    cache.drop('connection:1');
    expect(await cache.get('a', async () => ({ id: 3 }))).toEqual({ id: 3 });
    expect(cache.get('b', async () => ({ id: 4 }))).toEqual({ id: 2 });
    cache.drop();
    expect(await cache.get('b', async () => ({ id: 4 }))).toEqual({ id: 4 });
  });

  it('does not keep what was read before a change that came meanwhile', async () => {
    const cache = aCache();
    const { promise, resolve: finish } = Promise.withResolvers<Value>();
    const stale = cache.get('a', () => promise);
    cache.drop('connection:1');
    finish({ id: 1 });
    expect(await stale).toEqual({ id: 1 });
    expect(await cache.get('a', async () => ({ id: 2 }))).toEqual({ id: 2 });
  });

  it('loads a stale value anew once, however many hold it', async () => {
    const cache = aCache();
    let loads = 0;
    const load = async (): Promise<Value> => ({ id: ++loads });
    const stale = await cache.get('a', load);
    const renewed = await Promise.all(Array.from({ length: 50 }, () => cache.renew('a', stale, load)));
    expect(loads).toBe(2);
    expect(new Set(renewed)).toEqual(new Set([{ id: 2 }]));
  });

  it('keeps nothing of a failure', async () => {
    const cache = aCache();
    await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('a', async () => ({ id: 1 }))).toEqual({ id: 1 });
  });

  it('is bounded in number and time', async () => {
    const cache = aCache({ limit: 2, trustedForMs: -1 });
    for (const [id, key] of ['a', 'b', 'c'].entries()) await cache.get(key, async () => ({ id }));
    expect(await cache.get('c', async () => ({ id: 9 }))).toEqual({ id: 9 });
  });
});
