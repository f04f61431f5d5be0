import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Nango as PublishedClient } from 'published-client';
import { Product, sharedStack } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Nango } from './index.js';

const sync = {
  name: 'things',
  type: 'sync',
  models: ['Thing'],
  js: `exports.default = async function (nango) {
    const { data } = await nango.get({ endpoint: '/things' });
    await nango.batchSave(data.things, 'Thing');
  }`,
} as const;
const action = {
  name: 'greet',
  type: 'action',
  js: `exports.default = async (nango, input) => ({ greeting: 'hello ' + input.name, connection: nango.connectionId });`,
} as const;

// The client that is out in the world, of the yaml era's end, and our own: both must find the same server.
describe.each([
  ['the published client 0.58', PublishedClient as unknown as typeof Nango],
  ['our own client', Nango],
])('%s against the running platform', (_, Client) => {
  let api: Server;
  let product: Product;
  let nango: Nango;
  let integration: string;
  let connectionId: string;

  beforeAll(async () => {
    api = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = request.url?.startsWith('/things')
        ? { things: [{ id: 1 }, { id: 2 }] }
        : { method: request.method, url: request.url, authorization: request.headers.authorization, sent: Buffer.concat(chunks).toString() };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
    const stack = await sharedStack();
    product = new Product(stack, `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
    nango = new Client({ host: stack.serverUrl, secretKey: stack.secretKey });
    integration = await product.integration();
    await product.deploy(integration, sync, action);
    connectionId = await product.connection(integration);
  });
  afterAll(() => api?.close());

  it('lists connections and gets one with its credential', async () => {
    const { connections } = await nango.listConnections(connectionId);
    expect(connections).toMatchObject([{ connection_id: connectionId, provider_config_key: integration, provider: 'private-api-bearer' }]);
    const connection = await nango.getConnection(integration, connectionId);
    expect(connection).toMatchObject({ connection_id: connectionId, credentials: { type: 'API_KEY', apiKey: 'secret-of-the-api' } });
  });

  it('sets and merges metadata', async () => {
    await nango.setMetadata(integration, connectionId, { team: 'a', plan: 'free' });
    await nango.updateMetadata(integration, connectionId, { plan: 'paid' });
    expect(await nango.getMetadata(integration, connectionId)).toEqual({ team: 'a', plan: 'paid' });
  });

  it('triggers a sync, sees its status and lists its records', async () => {
    await product.ran(integration, connectionId, 'things');
    const after = new Date();
    await nango.triggerSync(integration, ['things'], connectionId);
    await product.ran(integration, connectionId, 'things', { after });
    const { syncs } = await nango.syncStatus(integration, ['things'], connectionId);
    expect(syncs).toMatchObject([{ name: 'things', status: 'SUCCESS', recordCount: { Thing: 2 } }]);
    const page = await nango.listRecords({ providerConfigKey: integration, connectionId, model: 'Thing' });
    expect(page.records.map((record) => [record.id, record._nango_metadata.last_action])).toEqual([
      ['1', 'ADDED'],
      ['2', 'ADDED'],
    ]);
    expect(page.next_cursor).toBeNull();
  });

  it('pauses and starts a sync', async () => {
    await nango.pauseSync(integration, ['things'], connectionId);
    expect((await nango.syncStatus(integration, '*', connectionId)).syncs[0]?.status).toBe('PAUSED');
    await nango.startSync(integration, ['things'], connectionId);
    expect((await nango.syncStatus(integration, '*', connectionId)).syncs[0]?.status).toBe('SUCCESS');
  });

  it('triggers an action', async () => {
    expect(await nango.triggerAction(integration, connectionId, 'greet', { name: 'ada' })).toEqual({ greeting: 'hello ada', connection: connectionId });
  });

  it('calls the external API through the proxy', async () => {
    const got = await nango.get<{ url: string; authorization: string }>({ endpoint: '/any/path?a=1', providerConfigKey: integration, connectionId });
    expect(got.data).toMatchObject({ url: '/any/path?a=1', authorization: 'Bearer secret-of-the-api' });
    const posted = await nango.post<{ method: string; sent: string }>({
      endpoint: 'echo',
      providerConfigKey: integration,
      connectionId,
      data: { n: 1 },
      retries: 1,
    });
    expect(posted.data).toMatchObject({ method: 'POST', sent: '{"n":1}' });
  });

  it('opens a connect session for an end user, and one for a connection that is there', async () => {
    const { data } = await nango.createConnectSession({ end_user: { id: 'user-1', email: 'ada@example.com' }, allowed_integrations: [integration] });
    expect(data.token).toMatch(/^nango_connect_session_[0-9a-f]{64}$/);
    const again = await nango.createReconnectSession({ connection_id: connectionId, integration_id: integration, end_user: { id: 'user-1' } });
    expect(again.data.token).not.toBe(data.token);
    await expect(nango.createConnectSession({ end_user: { id: 'user-1' }, allowed_integrations: ['nowhere'] })).rejects.toMatchObject({
      response: { status: 400, data: { error: { code: 'invalid_body' } } },
    });
  });

  it('deletes a connection, which is then unknown', async () => {
    const { status } = await nango.deleteConnection(integration, connectionId);
    expect(status).toBe(200);
    await expect(nango.getConnection(integration, connectionId)).rejects.toMatchObject({ response: { status: 404 } });
  });
});
