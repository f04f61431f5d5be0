import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { aServer, type TestServer } from '../../test/server.js';

describe('integrations', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await aServer();
  });
  afterAll(() => server?.close());

  const credentials = { type: 'OAUTH2', client_id: 'id', client_secret: 'hidden-secret', scopes: 'repo' };
  const make = (body: object) => server.ask('/integrations', { method: 'POST', body });

  it('are made, with the name of the provider unless they have one', async () => {
    const { status, body } = await make({ unique_key: 'made', provider: 'github', credentials });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      unique_key: 'made',
      provider: 'github',
      display_name: 'GitHub',
      forward_webhooks: true,
      logo: expect.stringContaining('github.svg'),
    });
    expect(new Date(body.data.created_at).toISOString()).toBe(body.data.created_at);
    expect((await server.ask('/integrations')).body.data).toContainEqual(body.data);
  });

  it.each(['include=webhook&include=credentials', 'include=webhook,credentials', 'include[]=webhook&include[]=credentials'])(
    'tell more when asked with %s',
    async (query) => {
      const { body } = await make({ unique_key: `more-${query.length}`, provider: 'github', credentials });
      const { data } = (await server.ask(`/integrations/${body.data.unique_key}?${query}`)).body;
      expect(data.credentials).toEqual({ ...credentials, webhook_secret: null });
      expect(data.webhook_url).toMatch(new RegExp(`/webhook/[0-9a-f-]{36}/${body.data.unique_key}$`));
    },
  );

  it('tell no secret unasked', async () => {
    await make({ unique_key: 'quiet', provider: 'github', credentials });
    const { body } = await server.ask('/integrations/quiet');
    expect(Object.keys(body.data)).not.toContain('credentials');
    expect(JSON.stringify(body)).not.toContain('hidden-secret');
  });

  it('change only where a change says so', async () => {
    await make({ unique_key: 'old-name', provider: 'github', credentials });
    const { status, body } = await server.ask('/integrations/old-name', {
      method: 'PATCH',
      body: { unique_key: 'new-name', display_name: 'Ours', forward_webhooks: false },
    });
    expect([status, body.data]).toMatchObject([200, { unique_key: 'new-name', display_name: 'Ours', forward_webhooks: false }]);
    expect((await server.ask('/integrations/old-name')).status).toBe(404);
    expect((await server.ask('/integrations/new-name?include=credentials')).body.data.credentials.client_secret).toBe('hidden-secret');
  });

  it.each([
    [{ provider: 'github' }, 400, 'invalid_body'],
    [{ unique_key: 'x', provider: 'nowhere' }, 400, 'unknown_provider_template'],
    [{ unique_key: 'x', provider: 'private-api-bearer', credentials }, 400, 'wrong_auth_mode'],
    [{ unique_key: 'x', provider: 'github', credentials: { type: 'OAUTH2' } }, 400, 'invalid_body'],
    [{ unique_key: 'x', provider: 'github', forward_webhook: false }, 400, 'invalid_body'],
  ])('are refused with %j', async (body, status, code) => {
    const answer = await make(body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('refuse a change of what they do not have', async () => {
    const { uniqueKey } = await anIntegration(server);
    const { status, body } = await server.ask(`/integrations/${uniqueKey}`, { method: 'PATCH', body: { displayName: 'x' } });
    expect([status, body.error.code, body.error.message]).toEqual([400, 'invalid_body', expect.stringContaining('displayName')]);
  });

  it('cannot take another one’s key', async () => {
    const [one, other] = [await anIntegration(server), await anIntegration(server)];
    const answer = await server.ask(`/integrations/${one.uniqueKey}`, { method: 'PATCH', body: { unique_key: other.uniqueKey } });
    expect([answer.status, answer.body.error.code]).toEqual([409, 'duplicate_provider_config']);
  });

  it('take their connections and syncs with them, and free their key', async () => {
    const { id, uniqueKey } = await anIntegration(server);
    const connection = await aConnection(server, { integrationId: id });
    const sync = await aSync(id, connection.id);
    expect((await server.ask(`/integrations/${uniqueKey}`, { method: 'DELETE' })).body).toEqual({ success: true });
    expect((await server.ask('/connection')).body.connections).not.toContainEqual(expect.objectContaining({ id: connection.id }));
    expect(await server.database.connection.findUniqueOrThrow({ where: { id: connection.id } })).toMatchObject({
      deletedAt: expect.any(Date),
      credentials: '',
    });
    expect(await server.database.sync.findUniqueOrThrow({ where: { id: sync.id } })).toMatchObject({ state: 'deleted', scheduleRevision: 2 });
    expect((await make({ unique_key: uniqueKey, provider: 'private-api-bearer' })).status).toBe(200);
    expect((await server.ask('/integrations')).body.data.filter((one: { unique_key: string }) => one.unique_key.startsWith('#'))).toEqual([]);
  });

  it.each(['GET', 'PATCH', 'DELETE'])('of another environment are not there (%s)', async (method) => {
    const { uniqueKey } = await anIntegration(server, { environment: 'prod' });
    const answer = await server.ask(`/integrations/${uniqueKey}`, { method, ...(method === 'PATCH' ? { body: {} } : {}) });
    expect([answer.status, answer.body.error.code]).toEqual([404, 'unknown_provider_config']);
  });

  it('are told to nobody without a key', async () => {
    expect((await server.ask('/integrations', { as: null })).status).toBe(401);
  });

  async function aSync(integrationId: number, connectionId: number): Promise<{ id: string }> {
    const environmentId = server.environments.dev.id;
    const script = await server.database.script.create({ data: { environmentId, integrationId, type: 'sync', name: 'tasks' } });
    return server.database.sync.create({ data: { environmentId, connectionId, scriptId: script.id } });
  }
});
