import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { json } from '../test/upstream.js';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { keptAlike } from './failure-sampling.js';
import { mostPerSecond } from './sampling.js';

type Logged = {
  title: string;
  status: string;
  integration: string;
  connectionId: string;
  executionId: string | null;
  message: string;
  level: string;
  meta: Record<string, unknown>;
};

describe('the log of calls', () => {
  let proxy: TestProxy;
  beforeAll(async () => {
    proxy = await TestProxy.start();
  });
  afterAll(() => proxy?.stop());

  const logged = async ({ connectionId }: TestConnection): Promise<Logged[]> => {
    const { rows } = await proxy.pool.query<Logged>(
      `SELECT o.title, o.status, o.integration, o.connection_id AS "connectionId", o.execution_id AS "executionId", m.message, m.level, m.meta
       FROM operation o JOIN operation_message m ON m.operation_id = o.id AND m.environment_id = o.environment_id
       WHERE o.kind = 'proxy' AND o.connection_id = $1 AND o.environment_id = $2 AND o.ended_at >= o.started_at ORDER BY m.id`,
      [connectionId, proxy.environments.dev.id],
    );
    return rows;
  };
  const written = (connection: TestConnection, count: number) =>
    vi.waitFor(
      async () => {
        const rows = await logged(connection);
        expect(rows.length).toBe(count);
        return rows;
      },
      { timeout: 5_000, interval: 50 },
    );
  const share = async (percent: number) => {
    await proxy.pool.query('UPDATE environment SET call_log_percent = $2 WHERE id = $1', [proxy.environments.dev.id, percent]);
    await proxy.pool.query(`SELECT pg_notify('configuration', $1)`, [`environment:${proxy.environments.dev.id}`]);
    // Until the proxy has heard of it.
    await new Promise((resolve) => setTimeout(resolve, 100));
  };
  afterEach(() => share(100));

  it('has one operation for each call, with method, URL, status and times', async () => {
    const connection = await proxy.aConnection();
    await (await proxy.call(connection, '/users?page=2', { method: 'POST', body: '{}' })).text();
    const [entry] = await written(connection, 1);
    const url = `${proxy.upstream.url}/users`;
    expect(entry).toMatchObject({ title: `POST ${url}`, status: 'success', integration: connection.providerConfigKey, executionId: null, level: 'info' });
    expect(entry?.message).toBe(`POST ${url}?page=2 answered 200`);
    expect(entry?.meta).toMatchObject({ method: 'POST', url: `${url}?page=2`, status: 200, attempts: 1, retries: 0 });
    expect(entry?.meta).toMatchObject({ headMs: expect.any(Number), totalMs: expect.any(Number) });
  });

  it('tells of tries, of refusals by the API, and of what broke off or never came', async () => {
    const connection = await proxy.aConnection();
    proxy.upstream.answers('/again', json(429, {}, { 'retry-after': '0' }), json(200, {}));
    await (await proxy.call(connection, '/again', { headers: { retries: '2', 'retry-on': '429' } })).text();
    proxy.upstream.answers('/no', json(403, {}));
    await (await proxy.call(connection, '/no')).text();
    proxy.upstream.answers('/cut', (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    await (await proxy.call(connection, '/cut')).text().catch(() => undefined);
    proxy.upstream.answers('/reset', (_, response) => void response.destroy());
    await (await proxy.call(connection, '/reset')).text();
    const entries = await written(connection, 4);
    expect(entries.map(({ status, level, meta }) => [status, level, meta['status'], meta['attempts']])).toEqual([
      ['success', 'info', 200, 2],
      ['failed', 'error', 403, 1],
      ['failed', 'error', 200, 1],
      ['failed', 'error', null, 1],
    ]);
    expect(entries[2]?.message).toContain('answered 200, and broke off');
    expect(entries[3]?.meta['error']).toBe('upstream_unreachable');
  });

  it('holds no value of the credential, wherever it stood', async () => {
    const apiKey = 'sk_live/123 4+5';
    const connection = await proxy.aConnection({ credentials: { type: 'API_KEY', apiKey } });
    await (
      await proxy.call(connection, `/${encodeURIComponent(apiKey)}?q=${encodeURIComponent(apiKey)}&again=${Buffer.from(apiKey).toString('base64url')}`)
    ).text();
    await written(connection, 1);
    const { rows } = await proxy.pool.query<{ text: string }>(
      `SELECT o::text || m::text AS text FROM operation o JOIN operation_message m ON m.operation_id = o.id WHERE o.connection_id = $1`,
      [connection.connectionId],
    );
    expect(rows[0]?.text).toContain('[redacted]');
    for (const form of [apiKey, encodeURIComponent(apiKey), Buffer.from(apiKey).toString('base64url'), 'sk_live']) expect(rows[0]?.text).not.toContain(form);
  });

  it('holds nothing of the credential either that was read anew after a 401', async () => {
    const connection = await proxy.aConnection({ credentials: { type: 'API_KEY', apiKey: 'first-key' } });
    proxy.upstream.answers(
      '/renewed/second-key',
      (seen, response) => void proxy.replaceCredential(connection, { type: 'API_KEY', apiKey: 'second-key' }).then(() => json(401, {})(seen, response)),
      json(200, {}),
    );
    await (await proxy.call(connection, '/renewed/second-key?was=first-key', { headers: { retries: '2' } })).text();
    const [entry] = await written(connection, 1);
    expect(entry?.meta).toMatchObject({ status: 200, attempts: 2, url: `${proxy.upstream.url}/renewed/[redacted]?was=[redacted]` });
    expect(JSON.stringify(entry)).not.toMatch(/first-key|second-key/);
  });

  it("names a script's execution, and a call answered from its journal no second time", async () => {
    const connection = await proxy.aConnection();
    const execution = await proxy.anExecution(connection);
    const call = { call: randomUUID(), method: 'GET', endpoint: '/of-a-script' };
    for (let time = 0; time < 2; time++) expect((await proxy.inside('calls', execution.token, call)).status).toBe(200);
    await (await proxy.call(connection, '/afterwards')).text();
    const entries = await written(connection, 2);
    expect(entries.map(({ title, executionId }) => [title.split('/').at(-1), executionId])).toEqual([
      ['of-a-script', execution.id],
      ['afterwards', null],
    ]);
  });

  it('tells of a free call of a script nothing but its origin', async () => {
    const connection = await proxy.aConnection();
    const { id, token } = await proxy.anExecution(connection);
    const endpoint = `${proxy.upstream.url}/path-of-a-secret?plain=value-of-a-secret`;
    expect((await proxy.inside('calls', token, { call: randomUUID(), method: 'GET', endpoint, uncontrolled: true })).status).toBe(200);
    const [entry] = await written(connection, 1);
    expect(entry).toMatchObject({ title: `GET ${proxy.upstream.url}`, executionId: id, message: `GET ${proxy.upstream.url} answered 200` });
    expect(JSON.stringify(entry)).not.toContain('of-a-secret');
  });

  it('keeps of good calls the share that the environment wants, and every bad one', async () => {
    const connection = await proxy.aConnection();
    await share(0);
    for (let count = 0; count < 5; count++) await (await proxy.call(connection, '/good')).text();
    proxy.upstream.answers('/bad', json(500, {}));
    for (let count = 0; count < 3; count++) await (await proxy.call(connection, '/bad')).text();
    const entries = await written(connection, 3);
    expect(entries.map(({ meta }) => meta['status'])).toEqual([500, 500, 500]);
  });

  it('keeps no more good calls of a second than anybody reads', async () => {
    const connection = await proxy.aConnection();
    const startedAt = Date.now();
    await Promise.all(Array.from({ length: 8 * mostPerSecond }, async () => (await proxy.call(connection, '/many')).text()));
    const seconds = Math.ceil((Date.now() - startedAt) / 1_000) + 1;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const kept = (await logged(connection)).length;
    expect(kept).toBeGreaterThanOrEqual(mostPerSecond);
    expect(kept).toBeLessThanOrEqual(seconds * mostPerSecond);
  });

  it('keeps no more failed calls that are alike than anybody reads, and tells how many others there were', async () => {
    const [stormy, calm] = [await proxy.aConnection(), await proxy.aConnection()];
    proxy.upstream.answers('/storm', json(503, {}));
    proxy.upstream.answers('/gone', json(404, {}));
    const ask = async (connection: TestConnection, path: string) => (await proxy.call(connection, path)).text();
    const startedAt = Date.now();
    await Promise.all([...Array.from({ length: 300 }, () => ask(stormy, '/storm')), ask(stormy, '/gone'), ask(calm, '/storm')]);
    const seconds = Math.ceil((Date.now() - startedAt) / 1_000) + 1;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const [entries, others] = [await logged(stormy), await logged(calm)];
    expect([entries.filter(({ meta }) => meta['status'] === 404).length, others.length]).toEqual([1, 1]);
    const alike = entries.filter(({ meta }) => meta['status'] === 503);
    expect(alike.length).toBeLessThanOrEqual(seconds * (keptAlike + 1));
    expect(alike.reduce((sum, { meta }) => sum + 1 + Number(meta['notLogged'] ?? 0), 0)).toBe(300);
    expect(alike.find(({ meta }) => meta['notLogged'])?.message).toMatch(/answered 503; \d+ more of the same within a second are not logged$/);
  });

  it('is complete when the proxy has stopped', async () => {
    const connection = await proxy.aConnection();
    const twin = await proxy.aTwin();
    await (await proxy.call(connection, '/last', {}, twin.url)).text();
    proxy.upstream.answers('/no', json(403, {}));
    await Promise.all(Array.from({ length: keptAlike + 5 }, async () => (await proxy.call(connection, '/no', {}, twin.url)).text()));
    await twin.close();
    const [last, ...failed] = await logged(connection);
    expect(last?.title).toMatch(/last$/);
    expect([failed.length, failed.at(-1)?.meta['notLogged']]).toEqual([keptAlike + 1, 4]);
  });
});
