import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProxyProcess } from '../test/proxy-process.js';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { RotatingGrant } from '../test/rotating-grant.js';

const oauthClient = { id: 'client', secret: 'secret' };

describe('an expired token at a provider that revokes a grant whose refresh token comes twice', () => {
  let proxy: TestProxy;
  let processes: ProxyProcess[] = [];
  beforeAll(async () => {
    proxy = await TestProxy.start();
    processes = await ProxyProcess.startMany(4, proxy.settings);
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await proxy?.stop();
  });

  it.each([
    ['R-01 is renewed with one token call for 25 callers at each of four processes', 0],
    ['R-02 is renewed with one token call when the endpoint takes twelve seconds', 12_000],
  ])('%s', async (_, delayMs) => {
    const grant = new RotatingGrant(proxy.upstream, { delayMs });
    const connection = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials: grant.credentials, oauthClient });
    const calls = processes.flatMap(({ url }) => Array.from({ length: 25 }, () => proxy.call(connection, '/items', {}, url)));
    const answers = await Promise.all(calls);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
    expect([grant.calls, grant.reused, grant.revoked]).toEqual([1, 0, false]);
  });

  const rows = async (sql: string, ...values: unknown[]) => (await proxy.pool.query<Record<string, unknown>>(sql, values)).rows;
  const callAll = (connection: TestConnection, times = 5) =>
    Promise.all(processes.flatMap(({ url }) => Array.from({ length: times }, async () => (await proxy.call(connection, '/items', {}, url)).status)));
  const endBackOff = ({ id }: TestConnection) => rows('UPDATE connection SET lease_until = now() WHERE id = $1', id);
  const backOffSeconds = async ({ id }: TestConnection) =>
    Number((await rows('SELECT extract(epoch FROM lease_until - now()) AS seconds FROM connection WHERE id = $1', id))[0]?.['seconds']);

  it.each<[string, (response: ServerResponse) => void, number]>([
    ['an error', (response) => void response.writeHead(500).end('oops'), 30],
    ['a request to come back in two minutes', (response) => void response.writeHead(429, { 'retry-after': '120' }).end(), 120],
    ['a page', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Down</html>'), 30],
    ['ten megabytes', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('x'.repeat(10_000_000)), 30],
    ['half of an answer', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"n'), 30],
  ])('R-05 keeps the old token after %s, with one token call for each back-off', async (_, respond, seconds) => {
    const grant = new RotatingGrant(proxy.upstream);
    const connection = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials: grant.credentials, oauthClient });
    let calls = 0;
    proxy.upstream.answers('/oauth/token', (__, response) => (calls++, respond(response)));
    for (const window of [1, 2]) {
      expect(new Set(await callAll(connection))).toEqual(new Set([424]));
      expect(new Set(await callAll(connection))).toEqual(new Set([424]));
      expect(calls).toBe(window);
      expect(await backOffSeconds(connection)).toBeGreaterThan(seconds - 10);
      await endBackOff(connection);
    }
    grant.serve();
    expect(new Set(await callAll(connection))).toEqual(new Set([200]));
    expect([grant.calls, grant.reused]).toEqual([1, 0]);
  });

  it('R-07 whose grant was revoked after another use is told the team within five seconds, with two token calls at most', async () => {
    await rows(`UPDATE environment SET webhook_url = 'https://product.example/hook', on_auth_refresh_error = true`);
    const grant = new RotatingGrant(proxy.upstream);
    const connection = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials: grant.credentials, oauthClient });
    grant.revoked = true;
    const from = Date.now();
    expect(new Set(await callAll(connection, 25))).toEqual(new Set([424]));
    const told = await rows(
      `SELECT o.body, extract(epoch FROM o.created_at) * 1000 AS at, m.meta ->> 'event' AS event FROM outbox_event o JOIN operation_message m ON m.operation_id = o.operation_id
       WHERE o.body::jsonb ->> 'connectionId' = $1 ORDER BY m.level = 'warn' DESC LIMIT 1`,
      connection.connectionId,
    );
    expect(told).toMatchObject([{ event: 'auth.reuse_suspected', body: expect.stringContaining('"type":"auth"') }]);
    expect(Number(told[0]?.['at']) - from).toBeLessThan(5_000);
    for (let n = 0; n < 3; n++) {
      await rows('UPDATE connection SET lease_until = now() WHERE id = $1 AND lease_until < now() + make_interval(mins => 1)', connection.id);
      expect(new Set(await callAll(connection, 25))).toEqual(new Set([424]));
    }
    expect(grant.calls).toBeLessThanOrEqual(2);
  });
});
