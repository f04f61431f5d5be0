import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { json } from '../test/upstream.js';

type Body = { metadata: object; errors: object[]; credentials: Record<string, unknown>; last_fetched_at: string; error?: { code: string } };

describe('GET /connection/{id} at the proxy', () => {
  let proxy: TestProxy;
  let connection: TestConnection;
  beforeAll(async () => {
    proxy = await TestProxy.start();
  });
  afterAll(() => proxy?.stop());
  beforeEach(async () => {
    connection = await proxy.aConnection();
  });

  const ask = async ({ connectionId, providerConfigKey }: TestConnection, key = proxy.environments.dev.secretKey, more = '') => {
    const response = await fetch(`${proxy.url}/connection/${connectionId}?provider_config_key=${providerConfigKey}${more}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    return { status: response.status, type: response.headers.get('content-type'), body: (await response.json()) as Body };
  };
  const announce = ({ id }: TestConnection) => proxy.pool.query(`SELECT pg_notify('configuration', $1)`, [`connection:${id}`]);

  it('answers what the inside route answers, with the time of the request', async () => {
    const { connectionId, providerConfigKey } = connection;
    const named = { connectionId, providerConfigKey, environmentId: proxy.environments.dev.id };
    const inside = (await (await proxy.inside('connections', proxy.serviceToken('server'), named)).json()) as Body;
    const before = Date.now();
    const answer = await ask(connection);
    expect(answer).toEqual({ status: 200, type: 'application/json; charset=utf-8', body: { ...inside, last_fetched_at: expect.any(String) } });
    expect(Object.keys(answer.body)).toEqual(Object.keys(inside));
    expect(Date.parse(answer.body.last_fetched_at)).toBeGreaterThanOrEqual(before);
  });

  it('answers from memory, and anew as soon as a change is announced', async () => {
    await ask(connection);
    await proxy.pool.query(`UPDATE connection SET metadata = '{"a":1}' WHERE id = $1`, [connection.id]);
    await proxy.pool.query(`INSERT INTO connection_error (environment_id, connection_id, type, operation_id) VALUES ($1, $2, 'sync', $3)`, [
      proxy.environments.dev.id,
      connection.id,
      randomUUID(),
    ]);
    expect((await ask(connection)).body).toMatchObject({ metadata: { plan: 'pro' }, errors: [] });
    await announce(connection);
    await expect.poll(async () => (await ask(connection)).body).toMatchObject({ metadata: { a: 1 }, errors: [{ type: 'sync' }] });
    await proxy.replaceCredential(connection, { type: 'API_KEY', apiKey: 'other' });
    await expect.poll(async () => (await ask(connection)).body.credentials).toEqual({ type: 'API_KEY', apiKey: 'other' });
    await proxy.pool.query('UPDATE connection SET deleted_at = now() WHERE id = $1', [connection.id]);
    await announce(connection);
    await expect.poll(async () => (await ask(connection)).status).toBe(404);
  });

  it('is refused to another environment, to strangers, and for what is not there, also when it is in memory', async () => {
    await ask(connection);
    const refusal = async (asked: TestConnection, key?: string) => {
      const { status, body } = await ask(asked, key);
      return [status, body.error?.code];
    };
    expect(await refusal(connection, proxy.environments.prod.secretKey)).toEqual([400, 'unknown_provider_config']);
    expect(await refusal(connection, randomUUID())).toEqual([401, 'unknown_account']);
    expect(await refusal({ ...connection, connectionId: 'none' })).toEqual([404, 'unknown_connection']);
    expect((await fetch(`${proxy.url}/connection/c?provider_config_key=k`)).status).toBe(401);
  });

  it('writes down that it was fetched, behind the answer', async () => {
    await ask(connection);
    const at = async () =>
      (await proxy.pool.query<{ at: Date | null }>('SELECT last_fetched_at AS at FROM connection WHERE id = $1', [connection.id])).rows[0]?.at;
    await expect.poll(at, { timeout: 5_000 }).toBeInstanceOf(Date);
  });

  it('never shows a refresh token, and refreshes a credential that comes near its end while it is in memory', async () => {
    proxy.upstream.answers('/oauth/token', json(200, { access_token: 'new', refresh_token: 'refresh-2', expires_in: 3600 }));
    // Near its end two seconds before it, since it lives for four.
    const credentials = {
      type: 'OAUTH2',
      access_token: 'old',
      refresh_token: 'refresh-1',
      expires_at: new Date(Date.now() + 4_000),
      raw: { expires_in: 4 },
    } as const;
    const oauth = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials, oauthClient: { id: 'client', secret: 'secret' } });
    const first = (await ask(oauth)).body.credentials;
    expect([first['access_token'], JSON.stringify(first).includes('refresh-1')]).toEqual(['old', false]);
    await expect.poll(async () => (await ask(oauth)).body.credentials['access_token'], { timeout: 5_000 }).toBe('new');
    expect(proxy.upstream.seen.filter(({ url }) => url === '/oauth/token')).toHaveLength(1);
  });

  it('leaves to others what asks for more', async () => {
    expect((await ask(connection, undefined, '&force_refresh=false&refresh_token=false')).status).toBe(200);
    for (const more of ['&refresh_token=true', '&force_refresh=1', '&x=1']) expect((await ask(connection, undefined, more)).status).toBe(404);
  });
});
