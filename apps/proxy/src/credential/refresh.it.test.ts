import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestProxy, type TestConnection } from '../test/proxy.js';
import { json } from '../test/upstream.js';

const expiring = (minutes: number) => ({
  type: 'OAUTH2' as const,
  access_token: 'old',
  refresh_token: 'refresh-1',
  expires_at: new Date(Date.now() + minutes * 60_000),
  raw: {},
});
const oauthClient = { id: 'client', secret: 'canary-secret' };

describe('a token near its end', () => {
  let proxy: TestProxy;
  let connection: TestConnection;
  const tokenCalls = () => proxy.upstream.seen.filter(({ url }) => url === '/oauth/token');
  beforeAll(async () => {
    proxy = await TestProxy.start();
  });
  afterAll(() => proxy?.stop());
  beforeEach(async () => {
    proxy.upstream.seen.length = 0;
    proxy.upstream.answers('/oauth/token', json(200, { access_token: 'new', refresh_token: 'refresh-2', expires_in: 3600 }));
    connection = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials: expiring(5), oauthClient });
  });

  it('is refreshed exactly once for fifty calls at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => proxy.call(connection, '/items')));
    const seen = (await Promise.all(answers.map((answer) => answer.json()))) as { headers: { authorization: string } }[];
    expect(new Set(seen.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer new']));
    expect(tokenCalls()).toHaveLength(1);
    const [request] = tokenCalls();
    expect(Object.fromEntries(new URLSearchParams(request?.body.toString()))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      client_id: 'client',
      client_secret: 'canary-secret',
    });
  });

  it('is refreshed once by two processes', async () => {
    const twin = await proxy.aTwin();
    const calls = [proxy.url, twin.url].flatMap((url) => Array.from({ length: 25 }, () => proxy.call(connection, '/items', {}, url)));
    const answers = await Promise.all(calls);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(tokenCalls()).toHaveLength(1);
    await twin.close();
  });

  it('is stored with its new refresh token, which the next refresh spends', async () => {
    await proxy.call(connection, '/items');
    const named = { environmentId: proxy.environments.dev.id, connectionId: connection.connectionId, providerConfigKey: connection.providerConfigKey };
    const read = async (more: object) =>
      (await (await proxy.inside('connections', proxy.serviceToken('server'), { ...named, ...more })).json()) as { credentials: object };
    expect((await read({ refreshToken: true })).credentials).toMatchObject({ access_token: 'new', refresh_token: 'refresh-2' });
    await read({ forceRefresh: true });
    expect(tokenCalls().at(-1)?.body.toString()).toContain('refresh_token=refresh-2');
  });

  it.each([
    ['a form of the type text/plain', 'text/plain', 'access_token=new&refresh_token=refresh-2&expires_in=3600'],
    ['a form of the type text/html', 'text/html; charset=UTF-8', 'access_token=new&refresh_token=refresh-2&expires_in=3600'],
    ['a form of a type in mixed case', 'Application/X-WWW-Form-URLEncoded', 'access_token=new&refresh_token=refresh-2&expires_in=3600'],
    ['a form of no type', undefined, 'access_token=new&refresh_token=refresh-2&expires_in=3600'],
    ['JSON with a byte-order mark', 'application/json', '\ufeff{"access_token":"new","refresh_token":"refresh-2","expires_in":"3600"}'],
    ['JSON whose end is 0', 'application/json', '{"access_token":"new","refresh_token":"refresh-2","expires_in":0}'],
    ['JSON whose end has passed', 'application/json', '{"access_token":"new","refresh_token":"refresh-2","expires_in":-1}'],
  ])('is renewed once by an answer that is %s', async (_, type, body) => {
    proxy.upstream.answers('/oauth/token', (__, response) => void response.writeHead(200, type ? { 'content-type': type } : {}).end(body));
    for (let n = 0; n < 3; n++) {
      const answer = await proxy.call(connection, '/items');
      expect(((await answer.json()) as { headers: object }).headers).toMatchObject({ authorization: 'Bearer new' });
    }
    expect(tokenCalls()).toHaveLength(1);
  });

  it('is renewed without a call, when it is due', async () => {
    await proxy.pool.query('UPDATE connection SET credential_renew_at = now() WHERE id = $1', [connection.id]);
    const versionNow = async (): Promise<number | undefined> =>
      (await proxy.pool.query<{ version: number }>('SELECT credential_version AS version FROM connection WHERE id = $1', [connection.id])).rows[0]?.version;
    await expect.poll(versionNow, { timeout: 15_000 }).toBe(2);
    expect(tokenCalls()).toHaveLength(1);
  });

  it('is used while it lives when it lasts no longer than the buffer', async () => {
    proxy.upstream.answers('/oauth/token', json(200, { access_token: 'short', refresh_token: 'refresh-2', expires_in: 600 }));
    for (let n = 0; n < 5; n++) await proxy.call(connection, '/items');
    expect(tokenCalls()).toHaveLength(1);
  });

  it.each([
    ['a refusal', json(400, { error: 'invalid_grant' })],
    ['an error', json(500, {})],
    ['a page', (_: unknown, response: ServerResponse) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Down</h1>')],
    ['a redirect, which is not followed', (_: unknown, response: ServerResponse) => void response.writeHead(307, { location: '/stolen' }).end()],
    ['a broken connection', (_: unknown, response: ServerResponse) => void response.destroy()],
    ['more than a megabyte', (_: unknown, response: ServerResponse) => void response.end('x'.repeat(2_000_000))],
  ])('that cannot be refreshed because of %s is answered with 424, once, and no secret', async (_, handler) => {
    proxy.upstream.answers('/oauth/token', handler);
    const answer = await proxy.call(connection, '/items');
    const text = await answer.text();
    expect([answer.status, JSON.parse(text).error.code]).toEqual([424, 'invalid_credentials']);
    expect(text).not.toMatch(/canary-secret|refresh-1/);
    expect(await (await proxy.call(connection, '/items')).json()).toMatchObject({ error: { code: 'connection_refresh_backoff' } });
    expect(tokenCalls()).toHaveLength(1);
    expect(proxy.upstream.seen.some(({ url }) => url === '/stolen' || url === '/items')).toBe(false);
  });

  it('is told together with its connection where that is read', async () => {
    proxy.upstream.answers('/oauth/token', json(400, { error: 'invalid_grant' }));
    const named = { environmentId: proxy.environments.dev.id, connectionId: connection.connectionId, providerConfigKey: connection.providerConfigKey };
    const answer = await proxy.inside('connections', proxy.serviceToken('server'), named);
    const body = (await answer.json()) as { error: { code: string; payload: { connection: object } } };
    expect([answer.status, body.error.code]).toEqual([424, 'invalid_credentials']);
    expect(body.error.payload.connection).toMatchObject({ connection_id: connection.connectionId, errors: [{ type: 'auth' }] });
    expect(JSON.stringify(body)).not.toMatch(/refresh-1|"old"/);
  });

  it('is never sent for to an address inside', async () => {
    const inside = await proxy.aConnection({
      provider: 'demo-tracker-oauth',
      credentials: expiring(5),
      oauthClient,
      connectionConfig: { baseUrl: 'http://169.254.169.254' },
    });
    expect((await proxy.call(inside, '/items')).status).toBe(424);
  });
});
