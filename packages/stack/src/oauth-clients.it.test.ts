import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type AuthorizationServer,
  anAuthorizationServer,
  anEvilServer,
  callbackUrlOf,
  type EvilServer,
  evilAnswers,
  oauthIntegration,
  PopupFlow,
  Product,
  sharedStack,
  testClientKey,
  testClientSecret,
  type TestStack,
} from './testing/index.js';

type Renewed = { credentials: { access_token: string; refresh_token: string }; connection_config: Record<string, unknown> };

const scopes = 'openid,offline_access,read';

describe('a client of a certified authorization server', () => {
  let stack: TestStack;
  let product: Product;
  let server: AuthorizationServer;
  let evil: EvilServer;
  beforeAll(async () => {
    stack = await sharedStack();
    server = await anAuthorizationServer({ redirectUris: [callbackUrlOf(stack.serverUrl)] });
    evil = await anEvilServer();
    product = new Product(stack, server.url);
  });
  afterAll(() => Promise.all([server?.close(), evil?.close()]));
  afterEach(() => {
    server.grantsOnly = undefined;
    server.seen.length = 0;
    evil.behave();
  });

  const at = (connectionId: string, key: string) => `/connection/${connectionId}?provider_config_key=${key}`;
  const me = (connectionId: string, key: string, path = '/api/me') =>
    product.call('GET', `/proxy${path}`, { headers: { 'connection-id': connectionId, 'provider-config-key': key } });

  it.each([
    ['basic', 'basic', testClientSecret],
    ['body', 'body', testClientSecret],
    ['public', 'none', 'not-used'],
    ['key', 'private_key_jwt', testClientKey],
  ])('O-07 O-13 the client %s proves itself with %s: connected, used, renewed, connected again, deleted and revoked', async (id, method, secret) => {
    const config = server.integrationConfig({ clientAuthentication: method });
    const key = await oauthIntegration(product, config, { app: { client_id: id, client_secret: secret, scopes } });
    const connectionId = await new PopupFlow(product, key).connected();
    expect(await me(connectionId, key)).toMatchObject({ status: 200, body: { sub: 'ada' } });
    const first = (await product.must('GET', at(connectionId, key))) as Renewed;
    const second = (await product.must('GET', `${at(connectionId, key)}&force_refresh=true`)) as Renewed;
    expect(second.credentials.access_token).not.toBe(first.credentials.access_token);
    expect(await me(connectionId, key)).toMatchObject({ status: 200 });
    const again = new PopupFlow(product, key);
    const { data } = (await product.must('POST', '/connect/sessions/reconnect', { body: { connection_id: connectionId, integration_id: key } })) as {
      data: { token: string };
    };
    expect(await again.connected({ connect_session_token: data.token })).toBe(connectionId);
    const third = (await product.must('GET', at(connectionId, key))) as Renewed;
    expect(third.credentials.access_token).not.toBe(second.credentials.access_token);
    expect(await product.must('DELETE', at(connectionId, key))).toEqual({ success: true, revocation: 'revoked' });
    const dead = await fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${third.credentials.access_token}` } });
    expect(dead.status).toBe(401);
  });

  it('O-07 a secret is encoded in a Basic header as RFC 6749 2.3.1 says', async () => {
    const config = server.integrationConfig({ clientAuthentication: 'basic' });
    const key = await oauthIntegration(product, config, { app: { client_id: 'basic', client_secret: testClientSecret, scopes } });
    await new PopupFlow(product, key).connected();
    const sent = server.seen.find(({ path }) => path === '/token')?.headers.authorization ?? '';
    expect(Buffer.from(sent.replace('Basic ', ''), 'base64').toString()).toBe('basic:a+secret%3A+with+%26+signs+%25+and%2Bplus');
  });

  it('O-08 scopes that a person did not grant are stored with the connection and warned of in the log', async () => {
    server.grantsOnly = ['openid', 'read'];
    const app = { client_id: 'body', client_secret: testClientSecret, scopes: 'openid,read,write' };
    const key = await oauthIntegration(product, server.integrationConfig(), { app });
    const connectionId = await new PopupFlow(product, key).connected();
    const client = new pg.Client({ connectionString: stack.databaseUrl });
    await client.connect();
    const found = await client.query('SELECT scopes FROM connection WHERE connection_id = $1', [connectionId]);
    const logged = await client.query(
      `SELECT m.level, m.meta FROM operation_message m JOIN operation o ON o.id = m.operation_id WHERE o.integration = $1 AND m.level = 'warn'`,
      [key],
    );
    await client.end();
    const [{ scopes: stored }] = found.rows as [{ scopes: { requested: string[]; granted: string[] } }];
    expect(stored.requested).toEqual(['openid', 'read', 'write']);
    expect(stored.granted.toSorted()).toEqual(['openid', 'read']);
    expect(logged.rows).toEqual([{ level: 'warn', meta: { missing: ['write'] } }]);
  });

  it('O-08 the scope that the integration names as its default is asked for where none is chosen', async () => {
    const key = await oauthIntegration(product, server.integrationConfig({ defaultScope: 'openid' }), {
      app: { client_id: 'body', client_secret: testClientSecret },
    });
    await new PopupFlow(product, key).connected();
    expect(server.seen.find(({ path }) => path === '/auth')?.query.get('scope')).toBe('openid');
  });

  it.each([
    ['unsupported', { revocationUrl: '' }, evilAnswers.tokens()],
    ['failed', {}, evilAnswers.asJson(503, { error: 'temporarily_unavailable' })],
    ['failed', {}, evilAnswers.asJson(200, { ok: false })],
    ['revoked', {}, evilAnswers.asText('')],
  ])('O-13 a deletion answers %s', async (revocation, config, answer) => {
    evil.answer('/revoke', answer);
    const key = await oauthIntegration(product, evil.integrationConfig(config), { app: { client_id: 'c', client_secret: 'the-secret', scopes } });
    const connectionId = await new PopupFlow(product, key).connected();
    expect(await product.must('DELETE', at(connectionId, key))).toEqual({ success: true, revocation });
    expect((await product.call('GET', at(connectionId, key))).status).toBeGreaterThanOrEqual(400);
  });

  it('an MCP server is found, a client registered there once, its resource asked for, and its token used and renewed', async () => {
    const key = `mcp-${randomUUID().slice(0, 8)}`;
    await product.must('POST', '/integrations', { body: { unique_key: key, provider: 'mcp-generic' } });
    const query = { 'params[mcp_server_url]': `${server.url}/mcp` };
    const flow = new PopupFlow(product, key);
    const consent = await flow.begin(query);
    const asked = server.seen.find(({ path }) => path === '/auth')?.query;
    expect(asked?.get('resource')).toBe(`${server.url}/mcp`);
    await flow.browser.visit((await flow.decide(consent)).href);
    const outcome = await flow.outcome();
    expect(outcome).toMatchObject({ message_type: 'success' });
    const connectionId = outcome.connection_id ?? '';
    const second = await new PopupFlow(product, key).connected(query);
    expect(server.calls('/reg')).toBe(1);
    expect(await me(connectionId, key, '')).toMatchObject({ status: 200, body: { result: { sub: 'ada' } } });
    const before = server.calls('/token');
    await product.must('GET', `${at(connectionId, key)}&force_refresh=true`);
    expect(server.calls('/token')).toBe(before + 1);
    expect(await me(connectionId, key, '')).toMatchObject({ status: 200 });
    for (const id of [connectionId, second]) expect(await product.must('DELETE', at(id, key))).toEqual({ success: true, revocation: 'revoked' });
  });
});
