import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anIntegration } from '../../test/builders.js';
import { aServer, type TestServer } from '../../test/server.js';

describe('integrations through /config', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server?.close());

  const github = { provider_config_key: 'gh', provider: 'github', oauth_client_id: 'id', oauth_client_secret: 'hidden-secret', oauth_scopes: 'repo,user' };
  const make = (body: object, method = 'POST') => server.ask('/config', { method, body });

  it('are made, told, listed, changed and deleted', async () => {
    const made = await make(github);
    expect([made.status, made.body]).toEqual([200, { config: { unique_key: 'gh', provider: 'github' } }]);
    expect((await server.ask('/config')).body.configs).toContainEqual({ unique_key: 'gh', provider: 'github' });
    expect((await make({ ...github, oauth_client_id: 'other' }, 'PUT')).status).toBe(200);
    const told = (await server.ask('/config/gh?include_creds=true')).body.config;
    expect(told).toMatchObject({
      unique_key: 'gh',
      provider: 'github',
      client_id: 'other',
      client_secret: 'hidden-secret',
      scopes: 'repo,user',
      auth_mode: 'OAUTH2',
      syncs: [],
      actions: [],
    });
    expect((await server.ask('/config/gh', { method: 'DELETE' })).status).toBe(204);
    expect((await server.ask('/config/gh')).status).toBe(404);
  });

  it('keep their secret to themselves unless asked, and sealed', async () => {
    await make({ ...github, provider_config_key: 'quiet' });
    expect(JSON.stringify((await server.ask('/config/quiet')).body)).not.toContain('hidden-secret');
    expect(JSON.stringify(await server.database.integration.findMany())).not.toContain('hidden-secret');
  });

  it('need no app where the provider has none', async () => {
    expect((await make({ provider_config_key: 'plain', provider: 'private-api-bearer' })).status).toBe(200);
  });

  it.each([
    [{ provider: 'github' }, 400, 'missing_provider_config'],
    [{ provider_config_key: 'a' }, 400, 'unknown_provider_template'],
    [{ provider_config_key: 'a', provider: 'nowhere' }, 400, 'unknown_provider_template'],
    [{ provider_config_key: 'a', provider: 'github', oauth_client_secret: 's' }, 400, 'missing_client_id'],
    [{ provider_config_key: 'a', provider: 'github', oauth_client_id: 'i' }, 400, 'missing_client_secret'],
    [{ provider_config_key: 'a/b', provider: 'github' }, 400, 'invalid_body'],
  ])('are refused with %j', async (body, status, code) => {
    const answer = await make(body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('cannot have a key twice', async () => {
    const { uniqueKey } = await anIntegration(server);
    const answer = await make({ provider_config_key: uniqueKey, provider: 'private-api-bearer' });
    expect([answer.status, answer.body.error.code]).toEqual([409, 'duplicate_provider_config']);
  });

  it.each(['GET', 'DELETE'])('of another environment are not there (%s)', async (method) => {
    const { uniqueKey } = await anIntegration(server, { environment: 'prod' });
    const answer = await server.ask(`/config/${uniqueKey}`, { method });
    expect([answer.status, answer.body.error.code]).toEqual([404, 'unknown_provider_config']);
    expect((await server.ask('/config')).body.configs).not.toContainEqual(expect.objectContaining({ unique_key: uniqueKey }));
    expect((await make({ provider_config_key: uniqueKey, provider: 'private-api-bearer' }, 'PUT')).status).toBe(404);
  });

  it('are told to nobody without a key', async () => {
    expect((await server.ask('/config', { as: null })).status).toBe(401);
  });
});
