import type { RunningService } from 'service';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { json } from '../test/upstream.js';

const oauthClient = { id: 'client', secret: 'secret' };
const refused = json(401, { error: 'unauthorized' });
const fine = json(200, {});

let proxy: TestProxy;
let twin: RunningService;
beforeAll(async () => {
  proxy = await TestProxy.start();
  twin = await proxy.aTwin();
  await proxy.pool.query(`UPDATE environment SET webhook_url = 'https://product.example/hook', on_auth_refresh_error = true`);
});
afterAll(async () => {
  await twin?.close();
  await proxy?.stop();
});
beforeEach(() => {
  proxy.upstream.seen.length = 0;
  for (const path of ['/a', '/b', '/api/me']) proxy.upstream.answers(path, refused);
});

const lasting = { type: 'OAUTH2' as const, access_token: 'old', refresh_token: 'refresh-1', expires_at: new Date(Date.now() + 3_600_000), raw: {} };
const anOAuthConnection = (): Promise<TestConnection> => proxy.aConnection({ provider: 'demo-tracker-oauth', credentials: lasting, oauthClient });
const callsOf = (path: string): number => proxy.upstream.seen.filter(({ url }) => url === path).length;
const status = async (connection: TestConnection, path: string, init: RequestInit = {}, url = proxy.url): Promise<number> =>
  (await proxy.call(connection, path, init, url)).status;
const rowsOf = async (sql: string, values: unknown[]): Promise<Record<string, unknown>[]> =>
  (await proxy.pool.query<Record<string, unknown>>(sql, values)).rows;
const problems = ({ id }: TestConnection) => rowsOf(`SELECT * FROM connection_error WHERE connection_id = $1 AND type = 'auth'`, [id]);
const webhooks = ({ connectionId }: TestConnection) =>
  rowsOf(`SELECT body FROM outbox_event WHERE environment_id = $1`, [proxy.environments.dev.id]).then((rows) =>
    rows.map(({ body }) => JSON.parse(String(body)) as Record<string, unknown>).filter((body) => body['connectionId'] === connectionId),
  );
const countOf = async ({ id }: TestConnection): Promise<number> =>
  Number((await rowsOf(`SELECT coalesce((refusals->>'count')::int, 0) AS count FROM connection WHERE id = $1`, [id]))[0]?.['count']);
/** Calls until that many refusals are remembered, five at most: notes are taken behind the answer, of a burst only the first. */
const refuse = async (connection: TestConnection, paths: string[], url = proxy.url): Promise<void> => {
  for (const path of paths) {
    const before = await countOf(connection);
    expect(await status(connection, path, {}, url)).toBe(401);
    await expect.poll(() => countOf(connection)).toBeGreaterThan(before);
  }
};

describe('a token that lasts and that its API refuses', () => {
  const takesNew = (path: string): void =>
    proxy.upstream.answers(path, (seen, response) => (seen.headers.authorization === 'Bearer new' ? fine : refused)(seen, response));
  beforeEach(() => {
    proxy.upstream.answers('/oauth/token', json(200, { access_token: 'new', refresh_token: 'refresh-2', expires_in: 3600 }));
  });

  it('is renewed once, and the call is sent again although it has no retries', async () => {
    takesNew('/a');
    const connection = await anOAuthConnection();
    expect(await status(connection, '/a', { headers: { retries: '0' } })).toBe(200);
    expect([callsOf('/a'), callsOf('/oauth/token')]).toEqual([2, 1]);
    expect([await problems(connection), await webhooks(connection)]).toEqual([[], []]);
  });

  it('is renewed once for calls of two processes at the same time', async () => {
    takesNew('/a');
    const connection = await anOAuthConnection();
    const calls = [proxy.url, twin.url].flatMap((url) => Array.from({ length: 20 }, () => status(connection, '/a', { headers: { retries: '0' } }, url)));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([200]));
    expect(callsOf('/oauth/token')).toBe(1);
  });

  it('is renewed for a write as well, which is sent again whole: the API has not looked at it', async () => {
    takesNew('/a');
    expect(await status(await anOAuthConnection(), '/a', { method: 'POST', body: '{"n":1}', headers: { 'content-type': 'application/json' } })).toBe(200);
    expect(proxy.upstream.last.body.toString()).toBe('{"n":1}');
    expect(callsOf('/oauth/token')).toBe(1);
  });

  it('is not renewed again for what is refused with the new token, too, by any process', async () => {
    const connection = await anOAuthConnection();
    for (const url of [proxy.url, twin.url, proxy.url]) expect(await status(connection, '/a', {}, url)).toBe(401);
    expect(callsOf('/oauth/token')).toBe(1);
  });

  it('is reported after five refusals of what a renewal brought, and not before', async () => {
    const connection = await anOAuthConnection();
    expect(await status(connection, '/a')).toBe(401);
    await refuse(connection, ['/a', '/a', '/b']);
    expect(await problems(connection)).toEqual([]);
    await expect.poll(async () => (await status(connection, '/b'), problems(connection))).toHaveLength(1);
    expect(callsOf('/oauth/token')).toBe(1);
  });
});

describe('an API key that its API refuses', () => {
  it('is answered at once, however many retries the call has', async () => {
    const connection = await proxy.aConnection();
    const from = performance.now();
    expect(await status(connection, '/a', { headers: { retries: '5' } })).toBe(401);
    expect([callsOf('/a'), performance.now() - from < 2_000]).toEqual([1, true]);
  });

  it('is reported after five refusals in a row over two endpoints, once, with a webhook', async () => {
    const connection = await proxy.aConnection();
    await refuse(connection, ['/a', '/a', '/a', '/b']);
    expect([await problems(connection), await webhooks(connection)]).toEqual([[], []]);
    await refuse(connection, ['/b']);
    await expect
      .poll(() => webhooks(connection))
      .toMatchObject([{ type: 'auth', operation: 'refresh', success: false, error: { type: 'invalid_credentials' } }]);
    await expect.poll(() => problems(connection)).toHaveLength(1);
    for (const url of [proxy.url, twin.url]) expect(await status(connection, '/a', {}, url)).toBe(401);
    expect(await webhooks(connection)).toHaveLength(1);
  });

  it('is counted over processes', async () => {
    const connection = await proxy.aConnection();
    await refuse(connection, ['/a', '/b', '/a']);
    await refuse(connection, ['/a', '/b'], twin.url);
    await expect.poll(() => problems(connection)).toHaveLength(1);
  });

  it('is not reported for five refusals by one endpoint alone, until they last a minute', async () => {
    const connection = await proxy.aConnection();
    await refuse(connection, ['/a', '/a', '/a', '/a', '/a']);
    expect([await status(connection, '/a'), await problems(connection)]).toEqual([401, []]);
    await proxy.pool.query(`UPDATE connection SET refusals = jsonb_set(refusals, '{since}', to_jsonb(now() - interval '61 seconds')) WHERE id = $1`, [
      connection.id,
    ]);
    await proxy.pool.query(`SELECT pg_notify('configuration', $1)`, [`connection:${connection.id}`]);
    await expect.poll(async () => [await status(connection, '/a'), (await problems(connection)).length]).toEqual([401, 1]);
  });

  it('is not reported where a call succeeds in between, and no longer once one does', async () => {
    const connection = await proxy.aConnection();
    await refuse(connection, ['/a', '/a', '/a', '/b']);
    proxy.upstream.answers('/b', fine, refused);
    expect(await status(connection, '/b')).toBe(200);
    await expect.poll(() => countOf(connection)).toBe(0);
    await refuse(connection, ['/a', '/a', '/a', '/b']);
    expect(await problems(connection)).toEqual([]);
    await refuse(connection, ['/b']);
    await expect.poll(() => problems(connection)).toHaveLength(1);
    proxy.upstream.answers('/b', fine);
    expect(await status(connection, '/b', {}, twin.url)).toBe(200);
    await expect.poll(() => problems(connection)).toEqual([]);
  });

  it('is reported at the first refusal where the verification endpoint refuses it, too', async () => {
    const connection = await proxy.aConnection({ provider: 'demo-tracker' });
    expect(await status(connection, '/a')).toBe(401);
    await expect.poll(() => webhooks(connection)).toHaveLength(1);
    await expect.poll(() => problems(connection)).toHaveLength(1);
    expect(callsOf('/api/me')).toBe(1);
  });

  it('is not reported where the verification endpoint takes it, however often one resource refuses', async () => {
    proxy.upstream.answers('/api/me', fine);
    const connection = await proxy.aConnection({ provider: 'demo-tracker' });
    await refuse(connection, ['/a', '/b', '/a', '/b', '/a']);
    expect([await status(connection, '/b'), await problems(connection), callsOf('/api/me')]).toEqual([401, [], 1]);
  });

  it('is not reported where the verification endpoint is down', async () => {
    proxy.upstream.answers('/api/me', json(500, {}));
    const connection = await proxy.aConnection({ provider: 'demo-tracker' });
    await refuse(connection, ['/a', '/b', '/a', '/b', '/a']);
    expect([await status(connection, '/b'), await problems(connection)]).toEqual([401, []]);
  });

  it('is forgotten with the credential that was refused', async () => {
    const connection = await proxy.aConnection();
    await refuse(connection, ['/a', '/a', '/a', '/b']);
    await proxy.replaceCredential(connection, { type: 'API_KEY', apiKey: 'another' });
    proxy.upstream.answers('/a', fine);
    await expect.poll(() => status(connection, '/a')).toBe(200);
  });
});
