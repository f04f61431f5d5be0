import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../../test/builders.js';
import { anHttpPeer } from '../../test/http-peer.js';
import { aServer, type TestServer } from '../../test/server.js';

describe('GET /connection/{id}', () => {
  let server: TestServer;
  let proxy: Awaited<ReturnType<typeof anHttpPeer>>;
  let asked: { method: string | undefined; url: string | undefined; authorization: string | undefined }[] = [];

  beforeAll(async () => {
    proxy = await anHttpPeer(({ method, url, headers }, response) => {
      asked.push({ method, url, authorization: headers.authorization });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id": 1}');
    });
    server = await aServer({ PROXY_URL: proxy.url });
  });
  afterAll(async () => {
    await server?.close();
    await proxy?.close();
  });
  beforeEach(() => {
    asked = [];
  });
  const key = () => server.environments.dev.secretKey;

  it.each(['/connection/c-1?provider_config_key=k', '/connections/a%40b.example?provider_config_key=k&force_refresh=false&refresh_token=0'])(
    'is handed on to the proxy as it is: %s',
    async (url) => {
      const answer = await server.ask(url);
      expect([answer.status, answer.body, answer.headers.get('access-control-allow-origin')]).toEqual([200, { id: 1 }, '*']);
      expect(asked).toEqual([{ method: 'GET', url, authorization: `Bearer ${key()}` }]);
    },
  );

  it.each([
    '/connection/c?provider_config_key=k&force_refresh=true',
    '/connection/c?provider_config_key=k&refresh_token=1',
    '/connection/c%C3%A4?provider_config_key=k',
    '/connection/a%0Ab?provider_config_key=k',
    '/connection/c?provider_config_key=k&other=1',
  ])('takes the ordinary route where it is not plain: %s', async (url) => {
    await server.ask(url);
    expect(asked.filter(({ method }) => method === 'GET')).toEqual([]);
  });

  it('takes the ordinary route without a key, whose answer that is', async () => {
    expect((await server.ask('/connection/c?provider_config_key=k', { as: null })).body.error.code).toBe('missing_auth_header');
    expect(asked).toEqual([]);
  });

  it('takes the ordinary route for a moment after a change by the same key', async () => {
    const integration = await anIntegration(server);
    const { connectionId } = await aConnection(server, { integrationId: integration.id });
    const url = `/connection/${connectionId}?provider_config_key=${integration.uniqueKey}`;
    await server.ask(`/connection/metadata`, {
      method: 'POST',
      body: { connection_id: connectionId, provider_config_key: integration.uniqueKey, metadata: { a: 1 } },
    });
    await server.ask(url);
    await server.ask(url, { as: 'prod' });
    expect(asked.map(({ method }) => method)).toEqual(['POST', 'GET']);
    const passes = async () => {
      await server.ask(url);
      return asked.at(-1);
    };
    await expect.poll(passes, { timeout: 5_000 }).toMatchObject({ method: 'GET', authorization: `Bearer ${key()}` });
  });
});
