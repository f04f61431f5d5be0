import { createHmac } from 'node:crypto';
import { Nango } from '@nangohq/frontend';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { aServer, type TestServer } from '../../test/server.js';

const key = 'a-key-of-the-environment';
const hmacOf = (message: string): string => createHmac('sha256', key).update(message).digest('hex');

describe('a browser with the public key', () => {
  let server: TestServer;
  let nango: Nango;
  beforeAll(async () => {
    server = await aServer();
    nango = new Nango({ host: server.url, publicKey: server.environments.dev.publicKey });
  });
  afterAll(() => server?.close());
  afterEach(() => set({ hmac_enabled: false, public_key_may_reconnect: false }));

  const set = async (body: object) => (await server.ask('/environment/connect', { method: 'PATCH', body })).body;
  const credentials = { apiKey: 'k' };

  it('needs an HMAC where the environment asks for one, over the integration and the connection', async () => {
    const { uniqueKey } = await anIntegration(server);
    expect(await set({ hmac_enabled: true, hmac_key: key })).toMatchObject({ hmac_enabled: true, hmac_key: key });
    await expect(nango.auth(uniqueKey, 'c1', { credentials })).rejects.toMatchObject({ type: 'missing_hmac' });
    for (const hmac of ['0'.repeat(64), hmacOf(`${uniqueKey}:c2`), hmacOf(uniqueKey)])
      await expect(nango.auth(uniqueKey, 'c1', { credentials, hmac })).rejects.toMatchObject({ type: 'invalid_hmac' });
    expect(await nango.auth(uniqueKey, 'c1', { credentials, hmac: hmacOf(`${uniqueKey}:c1`) })).toMatchObject({ connectionId: 'c1' });
    expect(await nango.auth(uniqueKey, { credentials, hmac: hmacOf(uniqueKey) })).toMatchObject({ providerConfigKey: uniqueKey });
  });

  it('may connect the same id again with a right HMAC, also where none is asked for', async () => {
    const { id, uniqueKey } = await anIntegration(server);
    const { connectionId } = await aConnection(server, { integrationId: id, metadata: { kept: 'yes' } });
    await set({ hmac_key: key });
    await nango.auth(uniqueKey, connectionId, { credentials, hmac: hmacOf(`${uniqueKey}:${connectionId}`) });
    const row = await server.database.connection.findFirstOrThrow({ where: { connectionId } });
    expect(row).toMatchObject({ credentialVersion: 2, metadata: { kept: 'yes' } });
    await expect(nango.auth(uniqueKey, connectionId, { credentials, hmac: '0' })).rejects.toMatchObject({ type: 'invalid_hmac' });
  });

  it('may connect the same id again without one only where the environment lets it', async () => {
    const { id, uniqueKey } = await anIntegration(server);
    const { connectionId } = await aConnection(server, { integrationId: id });
    await expect(nango.auth(uniqueKey, connectionId, { credentials })).rejects.toMatchObject({ type: 'forbidden' });
    await set({ public_key_may_reconnect: true });
    expect(await nango.auth(uniqueKey, connectionId, { credentials })).toMatchObject({ connectionId });
  });

  it('of two that connect one id at the same time, one wins', async () => {
    const { uniqueKey } = await anIntegration(server);
    const both = await Promise.allSettled([nango.auth(uniqueKey, 'raced', { credentials }), nango.auth(uniqueKey, 'raced', { credentials })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is asked for no HMAC with a connect session', async () => {
    const { uniqueKey } = await anIntegration(server);
    await set({ hmac_enabled: true, hmac_key: key });
    const { data } = (await server.ask('/connect/sessions', { method: 'POST', body: { end_user: { id: 'u' } } })).body;
    expect(await new Nango({ host: server.url, connectSessionToken: data.token }).auth(uniqueKey, { credentials })).toMatchObject({ ok: true });
  });

  it('is a setting that needs its key, and that the other environment does not share', async () => {
    expect((await server.ask('/environment/connect', { as: 'prod', method: 'PATCH', body: { hmac_enabled: true } })).body.error.code).toBe('invalid_body');
    expect((await server.ask('/environment/connect', { as: 'prod', method: 'PATCH', body: { hmac_key: 'short' } })).status).toBe(400);
    await set({ hmac_key: key });
    expect((await server.ask('/environment/connect', { as: 'prod' })).body).toEqual({
      hmac_enabled: false,
      hmac_key: null,
      public_key_may_reconnect: false,
      connect_theme: {},
    });
    const row = await server.database.environment.findFirstOrThrow({ where: { name: 'dev' } });
    expect(row.hmacKey).not.toContain(key);
  });
});
