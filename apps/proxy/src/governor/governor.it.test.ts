import { randomUUID } from 'node:crypto';
import { CallReply, callHeader } from 'model';
import type { RunningService } from 'service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { json } from '../test/upstream.js';

describe('the rate budget of a connection', () => {
  let proxy: TestProxy;
  let twin: RunningService;
  beforeAll(async () => {
    proxy = await TestProxy.start();
    twin = await proxy.aTwin();
  });
  afterAll(async () => {
    await twin?.close();
    await proxy?.stop();
  });

  const seen = (path: string) => proxy.upstream.seen.filter(({ url }) => url === path).length;
  const limit = (connection: TestConnection, setting: object) =>
    proxy.pool.query('UPDATE connection SET rate_limit = $2 WHERE id = $1', [connection.id, JSON.stringify(setting)]);
  const state = async (connection: TestConnection) =>
    (await proxy.pool.query(`SELECT state FROM rate_budget WHERE scope = 'connection' AND owner_id = $1`, [connection.id])).rows[0]?.state;

  it('is held by two proxies together', async () => {
    const connection = await proxy.aConnection();
    await limit(connection, { requests: 20, per_seconds: 1, burst: 10 });
    const times: number[] = [];
    proxy.upstream.answers('/shared', (_, response) => (times.push(performance.now()), void response.end('{}')));
    const until = performance.now() + 4_000;
    const client = async (url: string): Promise<void> => {
      while (performance.now() < until) expect((await proxy.call(connection, '/shared', {}, url)).status).toBe(200);
    };
    await Promise.all([...Array(6).keys()].map((index) => client(index % 2 ? twin.url : proxy.url)));
    let [level, at] = [10, times[0] ?? 0];
    let lowest = level;
    for (const time of times) {
      level = Math.min(10, level + (time - at) / 50) - 1;
      [at, lowest] = [time, Math.min(lowest, level)];
    }
    // A call takes a moment from its place to the API.
    expect(lowest).toBeGreaterThan(-2);
    expect(times.length).toBeGreaterThan(0.9 * (10 + 20 * 4));
  });

  it('answers 429 with Retry-After instead of keeping a caller waiting for more than 20 seconds, or than it prefers', async () => {
    const connection = await proxy.aConnection();
    proxy.upstream.answers('/closed', json(429, {}, { 'retry-after': '60' }));
    await proxy.call(connection, '/closed');
    const answer = await proxy.call(connection, '/closed');
    expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([429, expect.closeTo(60, -1)]);
    expect(await answer.json()).toMatchObject({ error: { code: 'too_many_request', payload: { retryAfterSeconds: expect.any(Number) } } });
    expect(seen('/closed')).toBe(1);
    expect((await proxy.call(connection, '/closed', { headers: { prefer: 'wait=30' } }, twin.url)).status).toBe(429);
    expect(seen('/closed')).toBe(1);
  });

  it('lets a caller wait as long as it prefers', async () => {
    const connection = await proxy.aConnection();
    proxy.upstream.answers('/soon', json(429, {}, { 'retry-after': '2' }), json(200, { ok: true }));
    await proxy.call(connection, '/soon');
    expect((await proxy.call(connection, '/soon', { headers: { prefer: 'wait=1' } })).status).toBe(429);
    const startedAt = performance.now();
    expect(await (await proxy.call(connection, '/soon', { headers: { prefer: 'respond-async, wait=5' } })).json()).toEqual({ ok: true });
    expect(performance.now() - startedAt).toBeGreaterThan(1_000);
  });

  it('parks a script that would have to wait long, before anything is sent, and uses none of its tries', async () => {
    const connection = await proxy.aConnection();
    const { token } = await proxy.anExecution(connection);
    proxy.upstream.answers('/busy', json(429, {}, { 'retry-after': '60' }));
    await proxy.call(connection, '/busy');
    for (const method of ['GET', 'POST'] as const) {
      const call = randomUUID();
      const answer = await proxy.inside('calls', token, { call, method, endpoint: '/busy', retries: 2, longWait: 'park' });
      const reply = CallReply.parse(JSON.parse(Buffer.from(answer.headers.get(callHeader) ?? '', 'base64url').toString()));
      expect('parkedUntil' in reply && Date.parse(reply.parkedUntil) - Date.now()).toBeGreaterThan(50_000);
      const { rows } = await proxy.pool.query('SELECT retries_used FROM journal_entry WHERE call = $1', [call]);
      expect(rows).toEqual([{ retries_used: 0 }]);
    }
    expect(seen('/busy')).toBe(1);
  });

  it('is learned from headers, kept for all, and another connection has its own', async () => {
    const [connection, other] = [await proxy.aConnection(), await proxy.aConnection()];
    await proxy.call(connection, '/untold', {}, twin.url);
    proxy.upstream.answers('/told', json(200, {}, { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '90' }));
    await proxy.call(connection, '/told');
    await expect.poll(() => state(connection)).toMatchObject({ limits: [{ source: 'headers', capacity: 100 }] });
    await expect.poll(async () => (await proxy.call(connection, '/told', {}, twin.url)).status).toBe(429);
    expect((await proxy.call(other, '/told')).status).toBe(200);
    expect(await state({ ...other, id: -1 })).toBeUndefined();
  });

  it('lets calls through in every process as soon as a pause is taken back, as by a team that sets the limit', async () => {
    const connection = await proxy.aConnection();
    proxy.upstream.answers('/paused', json(429, {}, { 'retry-after': '60' }), json(200, {}));
    await proxy.call(connection, '/paused');
    for (const url of [proxy.url, twin.url]) await expect.poll(async () => (await proxy.call(connection, '/paused', {}, url)).status).toBe(429);
    expect(seen('/paused')).toBe(1);
    await proxy.pool.query(
      `WITH changed AS (UPDATE rate_budget SET version = version + 1, state = state || '{"blockedUntil": 0, "refused": null, "limits": []}'
         WHERE scope = 'connection' AND owner_id = $1 RETURNING owner_id) SELECT pg_notify('rate_budget', 'connection:' || owner_id) FROM changed`,
      [connection.id],
    );
    for (const url of [proxy.url, twin.url]) await expect.poll(async () => (await proxy.call(connection, '/paused', {}, url)).status).toBe(200);
  });

  it('lets go of a caller that goes away while it waits', async () => {
    const connection = await proxy.aConnection();
    await limit(connection, { requests: 1, per_seconds: 5, burst: 1 });
    proxy.upstream.answers('/slow', json(200, {}));
    await proxy.call(connection, '/slow');
    await expect(proxy.call(connection, '/slow', { signal: AbortSignal.timeout(200) })).rejects.toThrow('aborted due to timeout');
    expect(seen('/slow')).toBe(1);
  });
});
