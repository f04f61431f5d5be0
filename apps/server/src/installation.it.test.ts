import { CookieBrowser } from 'stack/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { AuthorizationServer } from '../test/authorization-server.js';
import { Installation } from '../test/installation.js';

const integration = 'any-oauth';

describe('two servers behind one port', () => {
  let installation: Installation;
  let provider: AuthorizationServer;
  const clientWith = (secret: string, scopes = 'read') => ({ type: 'OAUTH2', client_id: 'client', client_secret: secret, scopes });
  beforeAll(async () => {
    [installation, provider] = await Promise.all([Installation.start(), AuthorizationServer.start()]);
    await installation.product.must('POST', '/integrations', {
      body: {
        unique_key: integration,
        provider: 'private-api-oauth2',
        credentials: clientWith('first-secret'),
        integration_config: provider.integrationConfig,
      },
    });
  });
  afterAll(async () => {
    provider?.close();
    await installation?.stop();
  });
  beforeEach(() => {
    provider.refusal = undefined;
    provider.secrets = ['first-secret'];
  });

  const product = () => installation.product;
  const token = async (path: string, body: object) => ((await product().must('POST', path, { body })) as { data: { token: string } }).data.token;
  const newSession = () => token('/connect/sessions', { end_user: { id: 'user-1' }, allowed_integrations: [integration] });
  const visit = async (session: string, more: Record<string, string> = {}) => {
    const query = new URLSearchParams({ connect_session_token: session, ...more });
    return new CookieBrowser().visit(`${installation.url}/oauth/connect/${integration}?${query}`);
  };
  const newest = async (): Promise<{ id: number; connectionId: string }> =>
    (await installation.pool.query(`SELECT id, connection_id AS "connectionId" FROM connection ORDER BY id DESC LIMIT 1`)).rows[0] as never; // made before
  const aConnection = async () => {
    expect((await visit(await newSession())).status).toBe(200);
    return newest();
  };
  const read = (connectionId: string, more = '') => product().call('GET', `/connection/${connectionId}?provider_config_key=${integration}${more}`);
  const call = (connectionId: string) => product().call('GET', '/proxy/me', { headers: { 'connection-id': connectionId, 'provider-config-key': integration } });
  const change = (set: string, { id }: { id: number }) => installation.pool.query(`UPDATE connection SET ${set} WHERE id = $1`, [id]);
  const row = async ({ id }: { id: number }) =>
    (await installation.pool.query<Record<string, unknown>>('SELECT * FROM connection WHERE id = $1', [id])).rows[0] ?? {};

  it.each([
    [0, 1],
    [1, 0],
  ])('tell the browser that waits at server %i of a callback that reached server %i', async (holder, other) => {
    await installation.balancer.direct(holder);
    const socket = new WebSocket(installation.url.replace(/^http/, 'ws'));
    const messages: { ws_client_id?: string; message_type?: string }[] = [];
    socket.on('message', (text) => messages.push(JSON.parse(String(text)) as object));
    await expect.poll(() => messages).toHaveLength(1);
    const id = messages[0]?.ws_client_id ?? '';
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await installation.balancer.direct(other);
    expect((await visit(await newSession(), { ws_client_id: id })).status).toBe(200);
    await closed;
    expect(messages[1]).toMatchObject({ message_type: 'success', provider_config_key: integration });
    for (const server of installation.servers)
      expect(await (await fetch(`${server}/oauth/session/${id}`)).json()).toEqual({ status: 'finished', result: messages[1] });
  });

  describe('with a client secret that is rotated before the provider takes it', () => {
    const refresh = (connectionId: string) => read(connectionId, '&force_refresh=true');
    const patch = (body: object) => product().must('PATCH', `/integrations/${integration}`, { body });

    it('renew with the old one until the overlap ends, and then tell the provider’s reason', async () => {
      const { connectionId } = await aConnection();
      await patch({ credentials: clientWith('second-secret') });
      expect((await refresh(connectionId)).status).toBe(200);
      await patch({ credentials: clientWith('second-secret', 'read,write') });
      expect((await refresh(connectionId)).status).toBe(200);
      await installation.pool.query('UPDATE integration SET previous_client_secret_until = now()');
      const refused = await refresh(connectionId);
      expect([refused.status, refused.body]).toEqual([424, { error: expect.objectContaining({ message: expect.stringContaining('invalid_client') }) }]);
      provider.secrets = ['second-secret'];
      expect((await refresh(connectionId)).status).toBe(200);
      await patch({ credentials: clientWith('first-secret') });
    });
  });

  it('renew a connection that nobody uses', async () => {
    const connection = await aConnection();
    const before = provider.tokenCalls;
    await change('credential_renew_at = now()', connection);
    await expect.poll(async () => (await row(connection))['credential_version'], { timeout: 15_000 }).toBe(2);
    expect(provider.tokenCalls - before).toBe(1);
  });

  it('give up after the fourth failing day, until the connection is authorised again', async () => {
    const connection = await aConnection();
    const { connectionId } = connection;
    provider.refusal = 'temporarily_unavailable';
    const days = `last_refresh_failure = last_refresh_failure - interval '1 day', lease_until = NULL`;
    for (let day = 1; day <= 4; day++) {
      await change(`${days}, credential_renew_at = now()`, connection);
      await expect.poll(async () => (await row(connection))['refresh_failures'], { timeout: 15_000 }).toBe(day);
    }
    expect((await row(connection))['credential_renew_at']).toBeNull();
    const tokenCalls = provider.tokenCalls;
    await change(`${days}, credential_expires_at = now()`, connection);
    const exhausted = await read(connectionId, '&force_refresh=true');
    expect([exhausted.status, exhausted.body]).toEqual([424, { error: expect.objectContaining({ code: 'connection_refresh_exhausted' }) }]);
    expect(provider.tokenCalls).toBe(tokenCalls);
    provider.refusal = undefined;
    const session = await token('/connect/sessions/reconnect', { connection_id: connectionId, integration_id: integration });
    expect((await visit(session)).status).toBe(200);
    expect(await row(connection)).toMatchObject({ connection_id: connectionId, refresh_failures: 0, deleted_at: null });
    expect([(await read(connectionId)).body, (await call(connectionId)).status]).toEqual([expect.objectContaining({ errors: [] }), 200]);
  });
});
