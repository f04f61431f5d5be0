import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aConnection, anIntegration, aSync, aSyncScript } from '../../test/builders.js';
import { anHttpPeer, bodyOf } from '../../test/http-peer.js';
import { aServer, type TestServer } from '../../test/server.js';

describe('connections', () => {
  let server: TestServer;
  let proxy: Awaited<ReturnType<typeof anHttpPeer>>;
  let asked: { authorization: string | undefined; url: string | undefined; body: unknown }[] = [];
  let proxyAnswer: { status: number; body: unknown };
  let integration: { id: number; uniqueKey: string };

  beforeAll(async () => {
    proxy = await anHttpPeer(async (request, response) => {
      asked.push({ authorization: request.headers.authorization, url: request.url, body: JSON.parse((await bodyOf(request)).toString()) });
      response.writeHead(proxyAnswer.status, { 'content-type': 'application/json' }).end(JSON.stringify(proxyAnswer.body));
    });
    server = await aServer({ PROXY_URL: proxy.url });
    integration = await anIntegration(server);
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(async () => {
    await server?.close();
    await proxy?.close();
  });

  const query = () => `provider_config_key=${integration.uniqueKey}`;
  const listed = async (search: string) =>
    (await server.ask(`/connection?${search}`)).body.connections.map((connection: { connection_id: string }) => connection.connection_id);

  describe.each(['/connection', '/connections'])('at %s', (path) => {
    it('are told with what the proxy says of their credential', async () => {
      proxyAnswer = { status: 200, body: { connection_id: 'c 1', credentials: { type: 'API_KEY', apiKey: 'k' } } };
      const answer = await server.ask(`${path}/c%201?${query()}&force_refresh=true`);
      expect([answer.status, answer.body]).toEqual([200, proxyAnswer.body]);
      expect(asked).toEqual([
        {
          authorization: expect.stringMatching(/^Bearer svc_server_/),
          url: '/internal/connections',
          body: {
            environmentId: server.environments.dev.id,
            providerConfigKey: integration.uniqueKey,
            connectionId: 'c 1',
            forceRefresh: true,
            refreshToken: false,
          },
        },
      ]);
    });

    it('are deleted with their syncs and their credential', async () => {
      const { id, connectionId } = await aConnection(server, { integrationId: integration.id });
      const script = await aSyncScript(server, { integrationId: integration.id });
      const sync = await aSync(server, { connectionId: id, scriptId: script.id });
      const answer = await server.ask(`${path}/${connectionId}?${query()}`, { method: 'DELETE' });
      expect([answer.status, answer.body]).toEqual([200, { success: true, revocation: 'unsupported' }]);
      expect(await server.database.connection.findUniqueOrThrow({ where: { id } })).toMatchObject({ deletedAt: expect.any(Date), credentials: '' });
      expect(await server.database.sync.findUniqueOrThrow({ where: { id: sync.id } })).toMatchObject({ state: 'deleted' });
      expect((await server.ask(`${path}/${connectionId}?${query()}`, { method: 'DELETE' })).status).toBe(404);
    });

    it('of another environment are not there', async () => {
      const theirs = await anIntegration(server, { environment: 'prod', uniqueKey: `theirs${path.length}` });
      const { connectionId } = await aConnection(server, { environment: 'prod', integrationId: theirs.id });
      const answer = await server.ask(`${path}/${connectionId}?provider_config_key=${theirs.uniqueKey}`, { method: 'DELETE' });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'unknown_provider_config']);
      expect(await listed('')).not.toContain(connectionId);
    });
  });

  it('whose credential cannot be refreshed answer 424 with the proxy’s words', async () => {
    proxyAnswer = { status: 424, body: { error: { code: 'invalid_credentials', message: 'gone', payload: { connection: { connection_id: 'c1' } } } } };
    const answer = await server.ask(`/connection/c1?${query()}&refresh_token=true`);
    expect([answer.status, answer.body]).toEqual([424, proxyAnswer.body]);
  });

  it('answer server_error when the proxy answers what nobody understands', async () => {
    proxyAnswer = { status: 502, body: 'surprise' };
    const answer = await server.ask(`/connection/c1?${query()}&refresh_token=true`);
    expect([answer.status, answer.body.error.code]).toEqual([500, 'server_error']);
  });

  it.each(['GET', 'PATCH', 'DELETE'])('need the key of their integration (%s)', async (method) => {
    const answer = await server.ask('/connection/c1', { method, ...(method === 'PATCH' ? { body: {} } : {}) });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'missing_provider_config_key']);
  });

  it('are found by the key of their integration in the header, too', async () => {
    const { connectionId } = await aConnection(server, { integrationId: integration.id });
    const answer = await server.ask(`/connection/${connectionId}`, { method: 'DELETE', headers: { 'provider-config-key': integration.uniqueKey } });
    expect([answer.status, answer.body]).toEqual([200, { success: true, revocation: 'unsupported' }]);
  });

  it('that do not exist answer 404, with an integration that does not 400', async () => {
    expect((await server.ask(`/connection/none?${query()}`, { method: 'DELETE' })).body.error.code).toBe('unknown_connection');
    const answer = await server.ask('/connection/none?provider_config_key=none', { method: 'DELETE' });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'unknown_provider_config']);
  });

  it('take tags and an end user', async () => {
    const { connectionId } = await aConnection(server, { integrationId: integration.id });
    const body = { tags: { Plan: 'gold' }, end_user: { id: 'u7' } };
    expect((await server.ask(`/connections/${connectionId}?${query()}`, { method: 'PATCH', body })).body).toEqual({ success: true });
    const [found] = (await server.ask(`/connections?connectionId=${connectionId}`)).body.connections;
    expect(found).toMatchObject({ tags: { plan: 'gold' }, end_user: { id: 'u7' } });
    expect((await server.ask(`/connections/${connectionId}?${query()}`, { method: 'PATCH', body: { surprise: 1 } })).body.error.code).toBe('invalid_body');
  });

  describe('in lists', () => {
    it('carry these fields', async () => {
      const { connectionId, id } = await aConnection(server, { integrationId: integration.id, metadata: { a: 'b' } });
      const operationId = crypto.randomUUID();
      await server.database.connectionError.create({ data: { environmentId: server.environments.dev.id, connectionId: id, type: 'sync', operationId } });
      expect((await server.ask(`/connection?connectionId=${connectionId}`)).body).toEqual({
        connections: [
          {
            id,
            connection_id: connectionId,
            provider: 'private-api-bearer',
            provider_config_key: integration.uniqueKey,
            created: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
            metadata: { a: 'b' },
            errors: [{ type: 'sync', log_id: operationId }],
            end_user: null,
            tags: {},
          },
        ],
      });
    });

    it('are found by integration, end user, organisation, tag and text', async () => {
      const own = await anIntegration(server);
      const body = { end_user: { id: 'end-1', email: 'Grace@example.com', organization: { id: 'org-1' } }, tags: { colour: 'blue' } };
      const { connectionId } = await aConnection(server, { integrationId: own.id, connectionId: 'needle-1' });
      await server.ask(`/connections/${connectionId}?provider_config_key=${own.uniqueKey}`, { method: 'PATCH', body });
      const searches = [
        `integrationId=${own.uniqueKey}`,
        'endUserId=end-1',
        'endUserOrganizationId=org-1',
        'tags[colour]=blue',
        'tags%5Bcolour%5D=blue',
        'search=NEEDLE',
        'search=grace',
      ];
      expect(await Promise.all(searches.map(listed))).toEqual(searches.map(() => ['needle-1']));
      expect(await listed('tags[colour]=red')).toEqual([]);
    });

    it('are searched for the text itself, whatever it means to a database', async () => {
      const own = await anIntegration(server);
      for (const connectionId of ['50_off', '50xoff', '50\\off']) await aConnection(server, { integrationId: own.id, connectionId });
      const { connectionId } = await aConnection(server, { integrationId: own.id, connectionId: 'by-name' });
      const body = { end_user: { id: 'u', display_name: 'under_score 100%' } };
      await server.ask(`/connections/${connectionId}?provider_config_key=${own.uniqueKey}`, { method: 'PATCH', body });
      const found = (text: string) => listed(`integrationId=${own.uniqueKey}&search=${encodeURIComponent(text)}`);
      expect(await found('50_')).toEqual(['50_off']);
      expect(await found('50\\')).toEqual(['50\\off']);
      expect(await found('ER_SC')).toEqual(['by-name']);
      expect(await found('100%')).toEqual(['by-name']);
    });

    it('come in pages', async () => {
      const own = await anIntegration(server);
      for (const connectionId of ['p1', 'p2', 'p3']) await aConnection(server, { integrationId: own.id, connectionId });
      expect(await listed(`integrationId=${own.uniqueKey}&limit=2`)).toEqual(['p3', 'p2']);
      expect(await listed(`integrationId=${own.uniqueKey}&limit=2&page=1`)).toEqual(['p1']);
    });

    it.each(['limit=0', 'limit=2001', 'limit=x', 'page=-1', 'search=a%00', 'tags[a]=%00'])('are refused with %s', async (search) => {
      const answer = await server.ask(`/connection?${search}`);
      expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_query_params']);
    });
  });

  it('are for nobody without a key', async () => {
    for (const method of ['GET', 'DELETE', 'PATCH']) expect((await server.ask(`/connection/c1?${query()}`, { as: null, method })).status).toBe(401);
    expect((await server.ask('/connections', { as: null })).status).toBe(401);
  });
});
