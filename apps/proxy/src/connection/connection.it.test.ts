import { ConnectionWithCredentials } from 'model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProxy, type TestConnection } from '../test/proxy.js';

const lastFetched = async ({ pool }: TestProxy, { id }: TestConnection): Promise<Date | null> =>
  (await pool.query<{ at: Date | null }>('SELECT last_fetched_at AS at FROM connection WHERE id = $1', [id])).rows[0]?.at ?? null;

/** What an error answers. */
const code = async (answer: Response) => ({ status: answer.status, code: ((await answer.json()) as { error: { code: string } }).error.code });

describe('a connection with its credential', () => {
  let proxy: TestProxy;
  let connection: TestConnection;
  beforeAll(async () => {
    proxy = await TestProxy.start();
    connection = await proxy.aConnection();
  });
  afterAll(() => proxy?.stop());
  const read = (token: string, body: object) => proxy.inside('connections', token, body);
  const named = ({ connectionId, providerConfigKey, environment }: TestConnection) => ({
    connectionId,
    providerConfigKey,
    environmentId: proxy.environments[environment].id,
  });

  it('is whole for a service that names it, and remembers that it was fetched', async () => {
    await proxy.pool.query(
      `INSERT INTO connection_error (environment_id, connection_id, type, operation_id) VALUES ($1, $2, 'sync', '11111111-1111-4111-8111-111111111111')`,
      [proxy.environments.dev.id, connection.id],
    );
    const answer = await read(proxy.serviceToken('server'), named(connection));
    expect(answer.status).toBe(200);
    expect(ConnectionWithCredentials.parse(await answer.json())).toMatchObject({
      id: connection.id,
      connection_id: connection.connectionId,
      provider_config_key: connection.providerConfigKey,
      provider: 'private-api-bearer',
      errors: [{ type: 'sync', log_id: '11111111-1111-4111-8111-111111111111' }],
      metadata: { plan: 'pro' },
      connection_config: { baseUrl: proxy.upstream.url },
      credentials: { type: 'API_KEY', apiKey: 'key' },
      last_fetched_at: expect.any(Date),
    });
    await expect.poll(() => lastFetched(proxy, connection), { timeout: 10_000 }).not.toBeNull();
  });

  it("is an execution's own without a name", async () => {
    const { token } = await proxy.anExecution(connection);
    expect(await (await read(token, {})).json()).toMatchObject({ connection_id: connection.connectionId, credentials: { apiKey: 'key' } });
  });

  it("is never an execution's when it is another", async () => {
    const { token } = await proxy.anExecution(connection);
    const other = await proxy.aConnection();
    expect(await code(await read(token, { connectionId: other.connectionId, providerConfigKey: other.providerConfigKey }))).toEqual({
      status: 403,
      code: 'forbidden',
    });
  });

  it("is another of the environment's where its settings let scripts use them", async () => {
    const { token } = await proxy.anExecution(connection);
    const other = await proxy.aConnection();
    const asked = { connectionId: other.connectionId, providerConfigKey: other.providerConfigKey };
    const allow = (allowed: boolean) =>
      proxy.pool.query('UPDATE environment SET scripts_use_other_connections = $2 WHERE id = $1', [proxy.environments[connection.environment].id, allowed]);
    await allow(true);
    expect(await (await read(token, asked)).json()).toMatchObject({ connection_id: other.connectionId });
    expect((await code(await read(token, { ...asked, connectionId: 'none' }))).code).toBe('unknown_connection');
    await allow(false);
    expect((await code(await read(token, asked))).code).toBe('forbidden');
  });

  it('shows its refresh token only where that is asked', async () => {
    const credentials = {
      type: 'OAUTH2',
      access_token: 'a',
      refresh_token: 'r',
      expires_at: new Date(Date.now() + 3_600_000),
      raw: { refresh_token: 'r', scope: 's' },
    } as const;
    const oauth = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials });
    const token = proxy.serviceToken('server');
    const without = (await (await read(token, named(oauth))).json()) as { credentials: unknown };
    expect(without.credentials).toEqual({ type: 'OAUTH2', access_token: 'a', expires_at: credentials.expires_at.toISOString(), raw: { scope: 's' } });
    const whole = (await (await read(token, { ...named(oauth), refreshToken: true })).json()) as { credentials: unknown };
    expect(whole.credentials).toMatchObject({ refresh_token: 'r', raw: { refresh_token: 'r' } });
  });

  it('is not there for another environment, or under another name', async () => {
    const token = proxy.serviceToken('server');
    expect(await code(await read(token, { ...named(connection), environmentId: proxy.environments.prod.id }))).toEqual({
      status: 400,
      code: 'unknown_provider_config',
    });
    expect(await code(await read(token, { ...named(connection), connectionId: 'nope' }))).toEqual({ status: 404, code: 'unknown_connection' });
    expect(await code(await read(token, { environmentId: 1 }))).toEqual({ status: 400, code: 'missing_provider_config_key' });
    expect(await code(await read(token, {}))).toEqual({ status: 400, code: 'invalid_body' });
  });

  it('is not for strangers, nor for a runner beyond its executions', async () => {
    expect(await code(await read(proxy.serviceToken('runner'), named(connection)))).toEqual({ status: 403, code: 'forbidden' });
    for (const token of ['', 'svc_server_forged', proxy.environments.dev.secretKey]) {
      expect(await code(await read(token, named(connection)))).toEqual({ status: 401, code: 'unauthorized' });
    }
  });
});
