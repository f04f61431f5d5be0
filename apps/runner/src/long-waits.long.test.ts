import { sharedStack, type TestStack } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { anApi, Workbench } from './test/platform.js';

let stack: TestStack;
let bench: Workbench;
let api: Awaited<ReturnType<typeof anApi>>;
const asked = new Map<string, number>();

beforeAll(async () => {
  stack = await sharedStack();
  api = await anApi((request) => {
    const url = request.url ?? '';
    const times = (asked.get(url) ?? 0) + 1;
    asked.set(url, times);
    if (url.startsWith('/busy') && times === 1) return { status: 429, headers: { 'retry-after': '22' } };
    return { body: [{ id: url, times }] };
  });
  bench = new Workbench(stack);
  await bench.open(api.url);
  const busy = (name: string) => `(await nango.get({ endpoint: '/busy-${name}', retries: 2 })).data`;
  await bench.deploy(
    {
      reads: `return ${busy('reads')}`,
      wrote: `await nango.post({ endpoint: '/write' }); return ${busy('wrote')}`,
    },
    { parks: `await nango.batchSave((await nango.get({ endpoint: '/before' })).data, 'Issue'); await nango.batchSave(${busy('parks')}, 'Issue')` },
  );
}, 120_000);
afterAll(() => api?.close());

const status = async (): Promise<{ status?: string; recordCount?: unknown; latestExecutionStatus?: string } | undefined> => {
  const query = new URLSearchParams({ provider_config_key: bench.key, connection_id: bench.connectionId, syncs: 'parks' });
  return ((await bench.ask('GET', `/sync/status?${query}`)) as { syncs: { status?: string }[] }).syncs[0];
};

describe('an API that asks for a long wait', () => {
  it('refuses an action whose caller waits and that has written nothing, and says when to come again', async () => {
    const answer = await bench.act('reads');
    expect(answer).toMatchObject({ status: 429, body: { error: { code: 'too_many_request' } } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(15);
    expect(answer.ms).toBeLessThan(10_000);
  });

  it('is waited for by an action that has written outside', { timeout: 60_000 }, async () => {
    const answer = await bench.act('wrote');
    expect(answer).toMatchObject({ status: 200, body: [{ id: '/busy-wrote', times: 2 }] });
    expect(answer.ms).toBeGreaterThan(21_000);
    expect(asked.get('/write')).toBe(1);
  });

  it('parks a sync, which goes on then without asking again for what it has', { timeout: 90_000 }, async () => {
    await bench.ask('POST', '/sync/trigger', { provider_config_key: bench.key, connection_id: bench.connectionId, syncs: ['parks'] });
    await vi.waitFor(async () => expect(await status()).toMatchObject({ latestExecutionStatus: 'SUCCESS', recordCount: { Issue: 2 } }), {
      timeout: 80_000,
      interval: 500,
    });
    expect([asked.get('/before'), asked.get('/busy-parks')]).toEqual([1, 2]);
  });
});
