import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AuthorizationServer,
  anAuthorizationServer,
  callbackUrlOf,
  CookieBrowser,
  oauthIntegration,
  PopupFlow,
  Product,
  sharedStack,
  stateHash,
  testClientSecret,
  type TestStack,
} from './testing/index.js';

const scopes = 'openid,offline_access,read';
type Connection = { connection_id: string };

describe('an authorisation', () => {
  let stack: TestStack;
  let product: Product;
  let server: AuthorizationServer;
  let integration: string;
  let flow: PopupFlow;
  beforeAll(async () => {
    stack = await sharedStack();
    server = await anAuthorizationServer({ redirectUris: [callbackUrlOf(stack.serverUrl)] });
    product = new Product(stack, server.url);
    integration = await oauthIntegration(product, server.integrationConfig(), { app: { client_id: 'body', client_secret: testClientSecret, scopes } });
  });
  afterAll(() => server?.close());
  beforeEach(() => {
    server.seen.length = 0;
    flow = new PopupFlow(product, integration);
  });

  const callback = (query: Record<string, string>) => `${callbackUrlOf(stack.serverUrl)}?${new URLSearchParams(query)}`;
  const noTokenCall = () => expect(server.calls('/token')).toBe(0);
  const connections = async (key?: string) =>
    ((await product.must('GET', `/connections?integrationId=${integration}`, key ? { key } : {})) as { connections: Connection[] }).connections;

  it('O-01 is refused without state, with one that was never given out, and with one that was tampered with', async () => {
    const back = await flow.allowed();
    const state = back.searchParams.get('state') ?? '';
    const iss = server.url;
    for (const query of [{ code: 'c' }, { code: 'c', state: '' }, { code: 'c', state: 'x'.repeat(43), iss }, { code: 'c', state: `${state}A`, iss }]) {
      const { status, body } = await flow.browser.visit(callback(query));
      expect([status, body]).toEqual([400, expect.stringContaining('Start again in the app')]);
    }
    noTokenCall();
    // None of them has spent the real one.
    expect((await flow.browser.visit(back.href)).status).toBe(200);
  });

  it('O-01 is good for one callback, also of two at the same moment', async () => {
    const back = await flow.allowed();
    const ends = await Promise.all(Array.from({ length: 5 }, () => flow.browser.visit(back.href)));
    expect(ends.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
    expect((await flow.browser.visit(back.href)).status).toBe(400);
    expect(server.calls('/token')).toBe(1);
  });

  it('O-01 is refused ten minutes and a second after it began', async () => {
    const back = await flow.allowed();
    const client = new pg.Client({ connectionString: stack.databaseUrl });
    await client.connect();
    const hash = stateHash(back.searchParams.get('state') ?? '');
    const { rows } = await client.query('SELECT extract(epoch FROM expires_at - created_at) AS s FROM oauth_session WHERE state_hash = $1', [hash]);
    expect(Number(rows[0]?.s)).toBeCloseTo(600, -1);
    // As if it had begun so long ago.
    const moved = `UPDATE oauth_session SET created_at = created_at - interval '601 s', expires_at = expires_at - interval '601 s' WHERE state_hash = $1`;
    await client.query(moved, [hash]);
    await client.end();
    const { status, body } = await flow.browser.visit(back.href);
    expect([status, body]).toEqual([400, expect.stringContaining('ten minutes')]);
    noTokenCall();
  });

  it('O-01 is refused in a browser without its cookie, and is over then', async () => {
    const back = await flow.allowed();
    expect((await new CookieBrowser().visit(back.href)).status).toBe(400);
    expect(await flow.outcome()).toMatchObject({ message_type: 'error', error_type: 'state_cookie_err' });
    expect((await flow.browser.visit(back.href)).status).toBe(400);
    noTokenCall();
  });

  it('O-02 carries an S256 challenge, and its verifier goes to the token endpoint', async () => {
    const consent = await flow.begin();
    const asked = server.seen.find(({ path }) => path === '/auth');
    expect(asked?.query.get('code_challenge_method')).toBe('S256');
    await flow.browser.visit((await flow.decide(consent)).href);
    const sent = server.seen.find(({ path }) => path === '/token');
    const verifier = new URLSearchParams(sent?.body).get('code_verifier') ?? '';
    expect(verifier.length).toBeGreaterThanOrEqual(43);
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(asked?.query.get('code_challenge'));
    expect(await flow.outcome()).toMatchObject({ message_type: 'success' });
  });

  it('O-02 cannot have its state, client, redirect or challenge replaced by parameters of the request or the session', async () => {
    const evil = {
      state: 'evil',
      redirect_uri: 'https://evil.example/',
      client_id: 'public',
      code_challenge: 'evil',
      code_challenge_method: 'plain',
      login_hint: 'ada',
    };
    const grouped = Object.fromEntries(Object.entries(evil).map(([name, value]) => [`authorization_params[${name}]`, value]));
    const session = await flow.session({ integrations_config_defaults: { [integration]: { authorization_params: evil } } });
    for (const query of [grouped, { connect_session_token: session }]) {
      server.seen.length = 0;
      await new PopupFlow(product, integration).begin(query);
      const asked = server.seen.find(({ path }) => path === '/auth');
      const params = Object.fromEntries(asked?.query ?? []);
      expect(params).toMatchObject({ client_id: 'body', redirect_uri: callbackUrlOf(stack.serverUrl), code_challenge_method: 'S256', login_hint: 'ada' });
      expect([params['state'], params['code_challenge']]).toEqual([expect.stringMatching(/^.{43}$/), expect.stringMatching(/^.{43}$/)]);
      expect(asked?.query.getAll('state')).toHaveLength(1);
    }
  });

  it('O-02 does not take the code of another authorisation: its verifier does not fit', async () => {
    const other = await new PopupFlow(product, integration).allowed();
    const back = await flow.allowed();
    back.searchParams.set('code', other.searchParams.get('code') ?? '');
    expect((await flow.browser.visit(back.href)).status).toBe(400);
    expect(await flow.outcome()).toMatchObject({ error_type: 'token_err' });
  });

  it('O-05 that an attacker began is not completed in the browser of a victim who has one open too', async () => {
    const before = (await connections()).length;
    const victim = new PopupFlow(product, integration);
    const theirs = await victim.allowed();
    const attackers = await flow.allowed();
    expect((await victim.browser.visit(attackers.href)).status).toBe(400);
    // Nor with the victim's code under the attacker's state.
    const mixed = new URL(theirs);
    mixed.searchParams.set('state', attackers.searchParams.get('state') ?? '');
    expect((await victim.browser.visit(mixed.href)).status).toBe(400);
    noTokenCall();
    expect(await connections()).toHaveLength(before);
    expect((await victim.browser.visit(theirs.href)).status).toBe(200);
  });

  it('O-05 lands in the environment of its session, even where another has an integration of the same name', async () => {
    const prod = new Product({ ...stack, secretKey: stack.prodSecretKey }, server.url);
    const body = {
      unique_key: integration,
      provider: 'private-api-oauth2',
      integration_config: server.integrationConfig(),
      credentials: { type: 'OAUTH2', client_id: 'basic', client_secret: testClientSecret, scopes },
    };
    await prod.must('POST', '/integrations', { body });
    await flow.connected();
    expect(await connections(stack.prodSecretKey)).toEqual([]);
    const onlyThere = await oauthIntegration(prod, server.integrationConfig(), { app: { client_id: 'body', client_secret: testClientSecret, scopes } });
    const session = await flow.session({ allowed_integrations: undefined });
    const elsewhere = new PopupFlow(product, onlyThere);
    expect((await elsewhere.begin({ connect_session_token: session })).status).toBe(400);
    expect(await elsewhere.outcome()).toMatchObject({ message_type: 'error', error_type: 'unknown_config_key' });
  });
});
