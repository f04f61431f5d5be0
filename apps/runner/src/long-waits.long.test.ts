import { sharedStack, type TestStack } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { anApi, Workbench } from './test/platform.js';

let stack: TestStack;
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
}, 120_000);
afterAll(() => api?.close());

/** With a connection of its own, since one that was refused waits with all its calls. */
async function aBench(): Promise<Workbench> {
  const bench = new Workbench(stack);
  await bench.open(api.url);
  return bench;
}

const busy = (name: string): string => `(await nango.get({ endpoint: '/busy-${name}', retries: 2 })).data`;

async function runsToEnd(bench: Workbench, sync: string): Promise<void> {
  await bench.ask('POST', '/sync/trigger', { provider_config_key: bench.key, connection_id: bench.connectionId, syncs: [sync] });
  const query = new URLSearchParams({ provider_config_key: bench.key, connection_id: bench.connectionId, syncs: sync });
  const status = async () => ((await bench.ask('GET', `/sync/status?${query}`)) as { syncs: object[] }).syncs[0];
  const ended = { latestExecutionStatus: 'SUCCESS', recordCount: { Issue: 2 } };
  await vi.waitFor(async () => expect(await status()).toMatchObject(ended), { timeout: 80_000, interval: 500 });
}

describe('an API that asks for a long wait', () => {
  it('refuses an action whose caller waits and that has written nothing, and says when to come again', async () => {
    const bench = await aBench();
    await bench.deploy({ reads: `return ${busy('reads')}` });
    const answer = await bench.act('reads');
    expect(answer).toMatchObject({ status: 429, body: { error: { code: 'too_many_request' } } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(15);
    expect(answer.ms).toBeLessThan(10_000);
  });

  it('is waited for by an action that has written outside', { timeout: 60_000 }, async () => {
    const bench = await aBench();
    await bench.deploy({ wrote: `await nango.post({ endpoint: '/write' }); return ${busy('wrote')}` });
    const answer = await bench.act('wrote');
    expect(answer).toMatchObject({ status: 200, body: [{ id: '/busy-wrote', times: 2 }] });
    expect(answer.ms).toBeGreaterThan(21_000);
    expect(asked.get('/write')).toBe(1);
  });

  it('parks a sync, which goes on then without asking again for what it has', { timeout: 90_000 }, async () => {
    const bench = await aBench();
    const parks = `await nango.batchSave((await nango.get({ endpoint: '/before' })).data, 'Issue'); await nango.batchSave(${busy('parks')}, 'Issue')`;
    await bench.deploy({}, { parks });
    await runsToEnd(bench, 'parks');
    expect([asked.get('/before'), asked.get('/busy-parks')]).toEqual([1, 2]);
  });
});

describe('a limit that has no place for long', () => {
  const once = (name: string): string => `await nango.batchSave((await nango.get({ endpoint: '/${name}' })).data, 'Issue');`;
  const limited = async (): Promise<Workbench> => {
    const bench = await aBench();
    const path = `/connections/${bench.connectionId}/rate-limit?provider_config_key=${bench.key}`;
    await bench.ask('PUT', path, { requests: 1, per_seconds: 25, burst: 1 });
    return bench;
  };

  it('parks a sync before its call is sent, and the run goes on when there is one', { timeout: 90_000 }, async () => {
    const bench = await limited();
    await bench.deploy({}, { sips: `${once('first')} ${once('second')}` });
    const startedAt = performance.now();
    await runsToEnd(bench, 'sips');
    expect(performance.now() - startedAt).toBeGreaterThan(23_000);
    expect([asked.get('/first'), asked.get('/second')]).toEqual([1, 1]);
  });

  it('refuses an action, and says when to come again', async () => {
    const bench = await limited();
    await bench.deploy({ twice: `await nango.get({ endpoint: '/one' }); await nango.get({ endpoint: '/two' });` });
    const answer = await bench.act('twice');
    expect(answer).toMatchObject({ status: 429, body: { error: { code: 'too_many_request' } } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(20);
    expect([asked.get('/one'), asked.get('/two')]).toEqual([1, undefined]);
  });
});
