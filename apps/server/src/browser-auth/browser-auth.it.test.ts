import { once } from 'node:events';
import { connect } from 'node:net';
import { Nango } from '@nangohq/frontend';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { aServer, type TestServer } from '../../test/server.js';

describe('an end user in a browser', () => {
  let server: TestServer;
  let nango: Nango;
  beforeAll(async () => {
    server = await aServer();
    nango = new Nango({ host: server.url, publicKey: server.environments.dev.publicKey });
  });
  afterAll(() => server?.close());

  const stored = async (connectionId: string) => (await server.ask(`/connection?connectionId=${connectionId}`)).body.connections;

  it('connects with an API key, under the name that the product gives', async () => {
    const { uniqueKey } = await anIntegration(server);
    const made = await nango.auth(uniqueKey, 'customer-1', { credentials: { apiKey: 'pasted' }, params: { baseUrl: 'https://api.example.com' } });
    expect(made).toEqual({ providerConfigKey: uniqueKey, connectionId: 'customer-1', ok: true });
    expect(await stored('customer-1')).toMatchObject([{ provider_config_key: uniqueKey }]);
  });

  it('connects with a user and a password, or with nothing, and is given a name', async () => {
    const basic = await anIntegration(server, { provider: 'private-api-basic' });
    const open = await anIntegration(server, { provider: 'unauthenticated' });
    const [first, second] = [
      await nango.auth(basic.uniqueKey, undefined, { credentials: { username: 'ada', password: '' } }),
      await nango.create(open.uniqueKey),
    ];
    expect(await stored(first.connectionId)).toHaveLength(1);
    expect(await stored(second.connectionId)).toHaveLength(1);
  });

  it('cannot put a credential into a connection that exists', async () => {
    const { id, uniqueKey } = await anIntegration(server);
    const { connectionId } = await aConnection(server, { integrationId: id });
    await expect(nango.auth(uniqueKey, connectionId, { credentials: { apiKey: 'mine' } })).rejects.toMatchObject({ type: 'forbidden' });
  });

  it('is told what is wrong with the key, the integration or the credential', async () => {
    const { uniqueKey } = await anIntegration(server);
    const foreign = new Nango({ host: server.url, publicKey: crypto.randomUUID() });
    await expect(foreign.auth(uniqueKey, 'c', { credentials: { apiKey: 'k' } })).rejects.toMatchObject({ type: 'unknown_account' });
    await expect(nango.auth('nothing', 'c', { credentials: { apiKey: 'k' } })).rejects.toMatchObject({ type: 'unknown_provider_config' });
    await expect(nango.auth(uniqueKey, 'c', { credentials: { username: 'a', password: 'b' } })).rejects.toMatchObject({ type: 'wrong_auth_mode' });
    await expect(nango.auth(uniqueKey, 'c', { credentials: {} })).rejects.toMatchObject({ type: 'missing_credentials' });
  });

  it('ends nothing by an upgrade that the server refuses and a connection that it resets', async () => {
    const { hostname, port } = new URL(server.url);
    const refused = Array.from({ length: 20 }, async () => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write('GET /nothing HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
      socket.resetAndDestroy();
    });
    await Promise.all(refused);
    expect((await server.ask('/health', { as: null })).status).toBe(200);
  });

  it('of the other environment does not find the integration', async () => {
    const { uniqueKey } = await anIntegration(server);
    const prod = new Nango({ host: server.url, publicKey: server.environments.prod.publicKey });
    await expect(prod.auth(uniqueKey, 'c', { credentials: { apiKey: 'k' } })).rejects.toMatchObject({ type: 'unknown_provider_config' });
  });

  it('has to be let in by one of two keys', async () => {
    const { uniqueKey } = await anIntegration(server);
    await expect(new Nango({ host: server.url }).auth(uniqueKey, 'c', { credentials: { apiKey: 'k' } })).rejects.toMatchObject({ type: 'missing_auth_token' });
    for (const query of ['', `?public_key=${server.environments.dev.publicKey}&connect_session_token=x`]) {
      const answer = await server.ask(`/api-auth/api-key/${uniqueKey}${query}`, { as: null, method: 'POST', body: { apiKey: 'k' } });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_query_params']);
    }
  });

  describe('with a connect session', () => {
    const endUser = { id: 'user-1', email: 'ada@example.com' };
    const session = async (body: object, path = '/connect/sessions'): Promise<Nango> => {
      const answer = await server.ask(path, { method: 'POST', body: { end_user: endUser, ...body } });
      return new Nango({ host: server.url, connectSessionToken: answer.body.data.token });
    };

    it('makes connections that carry who they are and how the product labels them', async () => {
      const { uniqueKey } = await anIntegration(server);
      const user = await session({ organization: { id: 'org' }, tags: { Plan: 'free' }, allowed_integrations: [uniqueKey] });
      const { connectionId } = await user.auth(uniqueKey, { credentials: { apiKey: 'pasted' } });
      expect(connectionId).toMatch(/^[0-9a-f-]{36}$/);
      expect(await stored(connectionId)).toMatchObject([{ end_user: { ...endUser, organization: { id: 'org' } }, tags: { plan: 'free' } }]);
    });

    it('connects with a user and a password, or with nothing', async () => {
      const basic = await anIntegration(server, { provider: 'private-api-basic' });
      const open = await anIntegration(server, { provider: 'unauthenticated' });
      const user = await session({});
      const made = [await user.auth(basic.uniqueKey, { credentials: { username: 'ada', password: '' } }), await user.create(open.uniqueKey)];
      for (const { connectionId } of made) expect(await stored(connectionId)).toMatchObject([{ end_user: endUser }]);
    });

    it('cannot connect to what the session is not for, and cannot name the connection', async () => {
      const [allowed, other] = [await anIntegration(server), await anIntegration(server)];
      const user = await session({ allowed_integrations: [allowed.uniqueKey] });
      const credentials = { apiKey: 'k' };
      await expect(user.auth(other.uniqueKey, { credentials })).rejects.toMatchObject({ type: 'integration_not_allowed' });
      await expect(user.auth(allowed.uniqueKey, 'my-name', { credentials })).rejects.toMatchObject({ type: 'invalid_query_params' });
    });

    it('cannot reach an integration of the other environment', async () => {
      const { uniqueKey } = await anIntegration(server, { environment: 'prod' });
      await expect((await session({})).auth(uniqueKey, { credentials: { apiKey: 'k' } })).rejects.toMatchObject({ type: 'unknown_provider_config' });
    });

    it('cannot change a value that the product has decided', async () => {
      const { uniqueKey } = await anIntegration(server);
      const user = await session({ integrations_config_defaults: { [uniqueKey]: { connection_config: { baseUrl: 'https://decided.example.com' } } } });
      const { connectionId } = await user.auth(uniqueKey, { credentials: { apiKey: 'k' }, params: { baseUrl: 'https://mine.example.com', team: 'a' } });
      const row = await server.database.connection.findFirstOrThrow({ where: { connectionId } });
      expect(row.connectionConfig).toEqual({ baseUrl: 'https://decided.example.com', team: 'a' });
    });

    it('gives a connection that is there a new credential and leaves the rest of it', async () => {
      const { id, uniqueKey } = await anIntegration(server);
      const { connectionId } = await aConnection(server, { integrationId: id, metadata: { kept: 'yes' }, connectionConfig: { baseUrl: 'https://a.example' } });
      const user = await session({ connection_id: connectionId, integration_id: uniqueKey }, '/connect/sessions/reconnect');
      expect(await user.reconnect(uniqueKey, { credentials: { apiKey: 'new' }, params: { team: 'a' } })).toEqual({
        providerConfigKey: uniqueKey,
        connectionId,
        ok: true,
      });
      const row = await server.database.connection.findFirstOrThrow({ where: { connectionId } });
      expect(row).toMatchObject({ credentialVersion: 2, metadata: { kept: 'yes' }, connectionConfig: { baseUrl: 'https://a.example', team: 'a' } });
    });

    it('is refused when the session has ended or never was', async () => {
      const { uniqueKey } = await anIntegration(server);
      const user = await session({});
      await server.database.connectSession.updateMany({ data: { expiresAt: new Date(0) } });
      await expect(user.auth(uniqueKey, { credentials: { apiKey: 'k' } })).rejects.toMatchObject({ type: 'unknown_connect_session_token' });
      const stranger = new Nango({ host: server.url, connectSessionToken: 'something' });
      await expect(stranger.auth(uniqueKey, { credentials: { apiKey: 'k' } })).rejects.toMatchObject({ type: 'invalid_connect_session_token_format' });
      await expect(new Nango({ host: server.url }).reconnect(uniqueKey)).rejects.toMatchObject({ type: 'missing_connect_session_token' });
    });
  });
});
