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
    expect(made).toEqual({ providerConfigKey: uniqueKey, connectionId: 'customer-1' });
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
    await expect(nango.auth(uniqueKey, 'c')).rejects.toMatchObject({ type: 'missing_credentials' });
  });

  it('of the other environment does not find the integration', async () => {
    const { uniqueKey } = await anIntegration(server);
    const prod = new Nango({ host: server.url, publicKey: server.environments.prod.publicKey });
    await expect(prod.auth(uniqueKey, 'c', { credentials: { apiKey: 'k' } })).rejects.toMatchObject({ type: 'unknown_provider_config' });
  });
});
