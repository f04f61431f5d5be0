import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
  testClientSecret,
  type TestStack,
} from './testing/index.js';

const scopes = 'openid,read';
const evilSecret = `evil-secret-${randomUUID()}`;

describe('an authorisation among several authorization servers', () => {
  let stack: TestStack;
  let product: Product;
  let honest: AuthorizationServer;
  let evil: EvilServer;
  let honestKey: string;
  beforeAll(async () => {
    stack = await sharedStack();
    honest = await anAuthorizationServer({ redirectUris: [callbackUrlOf(stack.serverUrl)] });
    evil = await anEvilServer();
    product = new Product(stack, honest.url);
    honestKey = await oauthIntegration(product, honest.integrationConfig(), { app: { client_id: 'body', client_secret: testClientSecret, scopes } });
  });
  afterAll(() => Promise.all([honest?.close(), evil?.close()]));
  beforeEach(() => {
    evil.behave();
    honest.seen.length = 0;
  });

  const evilIntegration = (config: Record<string, string> = {}) =>
    oauthIntegration(product, evil.integrationConfig(config), { app: { client_id: 'evil-client', client_secret: evilSecret, scopes } });
  const refused = async (flow: PopupFlow, error_type = 'callback_err') => expect(await flow.outcome()).toMatchObject({ message_type: 'error', error_type });

  it.each([
    ['whose issuer is known', () => ({ issuer: evil.url })],
    ['whose issuer is not known', () => ({})],
  ])('O-03 does not give the code of an honest server to an evil one %s', async (_, config) => {
    const flow = new PopupFlow(product, await evilIntegration(config()));
    // The evil server sends the browser on to the honest one, as its client and with our state and challenge.
    evil.answer('/authorize', ({ query }, response) => {
      query.set('client_id', 'public');
      response.writeHead(302, { location: `${honest.url}/auth?${query}` }).end();
    });
    const back = await flow.allowed();
    expect([back.searchParams.get('iss'), back.searchParams.get('code')]).toEqual([honest.url, expect.any(String)]);
    expect((await flow.browser.visit(back.href)).status).toBe(400);
    await refused(flow);
    expect(evil.calls('/token')).toEqual([]);
    expect(honest.calls('/token')).toBe(0);
  });

  it("O-03 does not take an evil server's answer for an honest one's", async () => {
    const flow = new PopupFlow(product, honestKey);
    const state = (await flow.allowed()).searchParams.get('state') ?? '';
    evil.answered = () => ({ state, iss: evil.url });
    const other = new PopupFlow(product, await evilIntegration());
    const back = await other.begin();
    expect((await flow.browser.visit(back.url)).status).toBe(400);
    await refused(flow);
    expect([honest.calls('/token'), evil.calls('/token').length]).toEqual([0, 0]);
  });

  it('O-03 takes every address from what was stored, none from a request', async () => {
    const flow = new PopupFlow(product, honestKey);
    const names = ['tokenUrl', 'token_url', 'token_endpoint', 'authorizationUrl', 'revocationUrl', 'issuer', 'baseUrl'];
    const lures = Object.fromEntries(names.flatMap((name) => [name, `params[${name}]`, `authorization_params[${name}]`].map((key) => [key, evil.url])));
    const back = await flow.allowed(lures);
    for (const name of names) back.searchParams.set(name, evil.url);
    expect((await flow.browser.visit(back.href)).status).toBe(200);
    expect(await flow.outcome()).toMatchObject({ message_type: 'success' });
    expect(honest.calls('/token')).toBe(1);
    expect(evil.seen).toEqual([]);
  });

  it.each([
    ['another issuer', 'https://login.example.com'],
    ['an issuer that differs in a slash', () => `${honest.url}/`],
    ['no address for an issuer', 'not an address'],
    ['an empty issuer', ''],
  ])('O-04 is refused with %s', async (_, iss) => {
    const flow = new PopupFlow(product, honestKey);
    const back = await flow.allowed();
    back.searchParams.set('iss', typeof iss === 'string' ? iss : iss());
    expect((await flow.browser.visit(back.href)).status).toBe(400);
    await refused(flow);
    expect(honest.calls('/token')).toBe(0);
  });

  it('O-04 is refused without an issuer where the server has said that it names one', async () => {
    evil.metadata = { authorization_response_iss_parameter_supported: true };
    const key = await oauthMcp();
    const connect = (): PopupFlow => new PopupFlow(product, key);
    const query = { 'params[mcp_server_url]': `${evil.url}/mcp` };
    const without = connect();
    await without.finish(query);
    await refused(without);
    expect(evil.calls('/token')).toEqual([]);
    evil.answered = () => ({ iss: evil.url });
    expect(await connect().connected(query)).toEqual(expect.any(String));
  });

  it('O-04 is refused at the callback path of another integration', async () => {
    const flow = new PopupFlow(product, honestKey);
    const back = await flow.allowed();
    const other = await evilIntegration();
    back.pathname = `/oauth/callback/${other}`;
    expect((await flow.browser.visit(back.href)).status).toBe(400);
    await refused(flow);
    expect(honest.calls('/token')).toBe(0);
    const own = new PopupFlow(product, honestKey);
    const mine = await own.allowed();
    mine.pathname = `/oauth/callback/${honestKey}`;
    expect((await own.browser.visit(mine.href)).status).toBe(200);
  });

  it.each([301, 302, 303, 307, 308])('O-09 does not follow a token endpoint that redirects with %i', async (status) => {
    const target = await anEvilServer();
    try {
      evil.answer('/token', evilAnswers.redirectTo(`${target.url}/token`, status));
      const flow = new PopupFlow(product, await evilIntegration());
      expect((await flow.finish()).status).toBe(400);
      await refused(flow, 'token_err');
      expect(evil.calls('/token')).toHaveLength(1);
      expect(evil.knows(evilSecret)).toBe(true);
      expect(target.seen).toEqual([]);
    } finally {
      await target.close();
    }
  });

  it('O-09 does not follow a redirect of the token, refresh or revocation endpoint of a connection that stands', async () => {
    const target = await anEvilServer();
    try {
      const integration = await evilIntegration();
      const connectionId = await new PopupFlow(product, integration).connected();
      for (const path of ['/token', '/revoke']) evil.answer(path, evilAnswers.redirectTo(target.url));
      const place = `/connection/${connectionId}?provider_config_key=${integration}`;
      const renewed = await product.call('GET', `${place}&force_refresh=true`);
      expect(renewed.status).toBeGreaterThanOrEqual(400);
      expect(await product.must('DELETE', place)).toEqual({ success: true, revocation: 'failed' });
      expect(evil.calls('/revoke').length).toBeGreaterThan(0);
      expect(target.seen).toEqual([]);
    } finally {
      await target.close();
    }
  });

  const oauthMcp = async (): Promise<string> => {
    const unique_key = `mcp-${randomUUID().slice(0, 8)}`;
    await product.must('POST', '/integrations', { body: { unique_key, provider: 'mcp-generic' } });
    return unique_key;
  };
});
