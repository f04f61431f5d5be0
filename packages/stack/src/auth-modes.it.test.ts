import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stack } from './stack.js';
import { ecKey, ghostKey, netsuite, oauth1Client, providerHosts, rsaKey, serveProviders, trello, twitter } from './test/login-providers.js';
import {
  aStack,
  type AuthorizationServer,
  anAuthorizationServer,
  anEvilServer,
  canServeHttps,
  type EvilServer,
  evilAnswers,
  FakeInternet,
  ownName,
  PopupFlow,
  Product,
  testClientSecret,
} from './testing/index.js';

type Pasted = {
  provider: string;
  route: string;
  body: Record<string, unknown>;
  /** An address of the API that takes only what is right. */
  path: string;
  integration?: Record<string, unknown>;
  params?: Record<string, string>;
  /** Whether a renewal gets another token from the provider. */
  isMinted?: boolean;
};

const pem = (key: typeof ecKey.privateKey): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const user = { username: 'ada', password: 'secret' };

/** Entries as they are in the catalogue, one for each auth mode whose fields are pasted, and two where there are two. */
const pasted: Pasted[] = [
  { provider: 'bill', route: 'auth/bill', body: { ...user, organization_id: '008x', dev_key: 'dev' }, path: '/v3/bills', isMinted: true },
  {
    provider: 'tableau-pat',
    route: 'auth/tableau',
    body: { pat_name: 'n', pat_secret: 'secret', content_url: 'acme' },
    path: '/api/3.22/sites',
    params: { hostname: '10ax.online.tableau.com' },
    isMinted: true,
  },
  {
    provider: 'looker',
    route: 'auth/two-step',
    body: { clientId: 'id', clientSecret: 'secret' },
    path: '/api/4.0/user',
    params: { hostname: 'acme.cloud.looker.com' },
    isMinted: true,
  },
  { provider: 'heap', route: 'auth/two-step', body: { appId: '12345', apiKey: 'secret' }, path: '/api/public/v0/user_deletion', isMinted: true },
  { provider: 'emarsys', route: 'auth/signature', body: user, path: '/v2/settings' },
  {
    provider: 'netsuite-tba',
    route: 'auth/tba',
    body: { token_id: 'token-id', token_secret: 'token & secret' },
    params: { accountId: '1234567' },
    path: '/services/rest/record/v1/metadata-catalog',
    integration: { credentials: { type: 'TBA', client_id: oauth1Client.id, client_secret: oauth1Client.secret } },
  },
  {
    provider: 'aws-sigv4',
    route: 'auth/aws-sigv4',
    body: { role_arn: 'arn:aws:iam::123456789012:role/nango' },
    params: { region: 'eu-west-1' },
    path: '/bucket',
    isMinted: true,
    integration: { credentials: { type: 'AWS_SIGV4', client_id: 'AKIA1', client_secret: 's' }, integration_config: { service: 's3' } },
  },
  {
    provider: 'apple-app-store-key',
    route: 'app-store-auth',
    path: '/v1/apps',
    body: { issuerId: randomUUID(), privateKeyId: '2X9R4HXF34', privateKey: pem(ecKey.privateKey) },
  },
  {
    provider: 'apple-app-store',
    route: 'auth/jwt',
    path: '/v1/apps',
    body: { issuerId: randomUUID(), privateKeyId: '2X9R4HXF34', privateKey: pem(ecKey.privateKey) },
  },
  {
    provider: 'ghost-admin',
    route: 'auth/jwt',
    body: { privateKey: `${ghostKey.id}:${ghostKey.secret}` },
    path: '/site/',
    params: { adminDomain: 'acme.ghost.io' },
  },
];

// Port 443 is not everybody's: there the modes stand with the tests of packages/authorization alone.
describe.skipIf(!(await canServeHttps()))('a connection of each auth mode', () => {
  let internet: FakeInternet;
  let server: AuthorizationServer;
  let api: EvilServer;
  let stack: Stack;
  let product: Product;
  beforeAll(async () => {
    internet = await FakeInternet.start(providerHosts);
    serveProviders(internet);
    server = await anAuthorizationServer();
    api = await anEvilServer();
    Object.assign(process.env, internet.environment);
    stack = await aStack({ egressAllow: '127.0.0.1' });
    for (const name of Object.keys(internet.environment)) delete process.env[name];
    product = new Product({ serverUrl: `http://127.0.0.1:${stack.ports.server}`, secretKey: stack.keys.environments.dev.secretKey }, server.url);
  });
  afterAll(async () => {
    await stack?.stop();
    await Promise.all([internet?.close(), server?.close(), api?.close()]);
  });

  const anIntegration = async (provider: string, more: Record<string, unknown> = {}): Promise<string> => {
    const unique_key = `${provider}-${randomUUID().slice(0, 8)}`;
    await product.must('POST', '/integrations', { body: { unique_key, provider, ...more } });
    return unique_key;
  };
  const at = (id: string, key: string, more = '') => `/connection/${id}?provider_config_key=${key}${more}`;
  const credentialsOf = async (id: string, key: string, more = '') => ((await product.must('GET', at(id, key, more))) as { credentials: object }).credentials;
  const calls = async (id: string, key: string, path: string) => {
    const { status, body } = await product.call('GET', `/proxy${path}`, { headers: { 'connection-id': id, 'provider-config-key': key } });
    return status === 200 ? 200 : [status, body];
  };
  const reconnectToken = async (connection_id: string, integration_id: string) =>
    ((await product.must('POST', '/connect/sessions/reconnect', { body: { connection_id, integration_id } })) as { data: { token: string } }).data.token;

  const lives = async ({ id, key, path, isMinted }: { id: string; key: string; path: string; isMinted: boolean }, reconnect: () => Promise<string>) => {
    expect(await calls(id, key, path)).toBe(200);
    const first = await credentialsOf(id, key);
    const second = await credentialsOf(id, key, '&force_refresh=true');
    if (isMinted) expect(second).not.toEqual(first);
    expect(await calls(id, key, path)).toBe(200);
    expect(await reconnect()).toBe(id);
    if (isMinted) expect(await credentialsOf(id, key)).not.toEqual(second);
    expect(await calls(id, key, path)).toBe(200);
    expect(await product.must('DELETE', at(id, key))).toMatchObject({ success: true, revocation: expect.stringMatching(/revoked|unsupported/) });
    expect((await product.call('GET', at(id, key))).status).toBeGreaterThanOrEqual(400);
  };

  const paste = async ({ route, body, params = {} }: Pasted, key: string, token?: string) => {
    const session = token ?? (await new PopupFlow(product, key).session());
    const config = Object.fromEntries(Object.entries(params).map(([name, value]) => [`params[${name}]`, value]));
    return product.call('POST', `/${route}/${key}?${new URLSearchParams({ connect_session_token: session, ...config })}`, { body });
  };

  const lifeOf = async (mode: Pasted): Promise<void> => {
    const key = await anIntegration(mode.provider, mode.integration);
    const made = await paste(mode, key);
    expect([made.status, made.body]).toEqual([200, expect.objectContaining({ providerConfigKey: key })]);
    const id = (made.body as { connectionId: string }).connectionId;
    await lives({ id, key, path: mode.path, isMinted: mode.isMinted ?? false }, async () => {
      const again = await paste(mode, key, await reconnectToken(id, key));
      return (again.body as { connectionId: string }).connectionId;
    });
  };

  it.each(pasted.map((mode) => [mode.provider, mode.route, mode] as const))('is made, used, renewed, made again and deleted: %s by %s', (_, __, mode) =>
    expect(lifeOf(mode)).resolves.toBeUndefined(),
  );

  it('is made, used, renewed, made again and deleted: private-api-oauth2-cc by oauth2/auth', () => {
    const integration_config = { baseUrl: server.url, tokenUrl: `${server.url}/token`, clientAuthentication: 'basic', scope: 'read' };
    const body = { client_id: 'basic', client_secret: testClientSecret };
    return expect(
      lifeOf({ provider: 'private-api-oauth2-cc', route: 'oauth2/auth', body, path: '/api/me', integration: { integration_config }, isMinted: true }),
    ).resolves.toBeUndefined();
  });

  it('is made, used, renewed, made again and deleted: private-api-jwt by auth/jwt', () => {
    const privateKey = 'a shared secret of 32 characters';
    api.answer('/signed', (request, response) => {
      const claims = claimsOf(request.headers.authorization ?? '', privateKey);
      evilAnswers.asJson(claims?.['iss'] === 'us' && claims['aud'] === 'them' ? 200 : 401, {})(request, response);
    });
    const integration_config = { baseUrl: api.url, keyKind: 'HMAC', audience: 'them' };
    return expect(
      lifeOf({ provider: 'private-api-jwt', route: 'auth/jwt', body: { privateKey, issuer: 'us' }, path: '/signed', integration: { integration_config } }),
    ).resolves.toBeUndefined();
  });

  it.each([
    ['bill', { ...user, password: 'wrong', organization_id: '008x', dev_key: 'dev' }],
    ['emarsys', { ...user, password: 'wrong' }],
    ['heap', { appId: '12345', apiKey: 'wrong' }],
  ])('is not made of %s with a wrong secret', async (provider, body) => {
    const mode = pasted.find((candidate) => candidate.provider === provider);
    if (!mode) throw new Error(provider);
    const { status, body: answer } = await paste({ ...mode, body }, await anIntegration(provider));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer)).toMatch(/token_request_failed|connection_test_failed/);
  });

  it.each([
    ['github-app', 'APP', {}],
    ['github-app-oauth', 'CUSTOM', { client_id: 'c', client_secret: 'the-secret' }],
  ])('is made, used, renewed, made again and deleted: %s by an installation', async (provider, type, client) => {
    const credentials = { type, app_id: '7', app_link: 'https://github.com/apps/acme', private_key: pem(rsaKey.privateKey), ...client };
    const key = await anIntegration(provider, { credentials });
    const install = async (token?: string): Promise<string> => {
      const flow = new PopupFlow(product, key);
      const url = await flow.connectUrl(token ? { connect_session_token: token } : {});
      const left = await flow.browser.visit(url, { stopAt: (next) => next.startsWith('https://github.com/') });
      expect(left.url).toMatch(/^https:\/\/github\.com\/apps\/acme\/installations\/new\?state=/);
      const back = new URLSearchParams({
        state: new URL(left.url).searchParams.get('state') ?? '',
        installation_id: '42',
        setup_action: 'install',
        code: 'the-code',
      });
      await flow.browser.visit(`${ownName(product.stack.serverUrl)}/app-auth/connect?${back}`);
      const outcome = await flow.outcome();
      expect(outcome).toMatchObject({ message_type: 'success' });
      return outcome.connection_id ?? '';
    };
    const id = await install();
    await lives({ id, key, path: '/installation/repositories', isMinted: true }, async () => install(await reconnectToken(id, key)));
  });

  describe('OAuth 1.0a', () => {
    const begin = async (provider: string, host: string, token?: string) => {
      const key = await anIntegration(provider, { credentials: { type: 'OAUTH1', client_id: oauth1Client.id, client_secret: oauth1Client.secret } });
      return { key, ...(await leave(key, host, token)) };
    };
    const leave = async (key: string, host: string, token?: string) => {
      const flow = new PopupFlow(product, key);
      const url = await flow.connectUrl(token ? { connect_session_token: token } : {});
      const left = await flow.browser.visit(url, { stopAt: (next) => next.startsWith(host) });
      return { flow, requestToken: new URL(left.url).searchParams.get('oauth_token') ?? left.body };
    };

    it.each([
      ['trello', 'https://trello.com/', trello, '/1/members/me'],
      ['twitter', 'https://api.x.com/', twitter, '/2/users/me?user.fields=name%20%C3%A9%21%2A&a=1'],
    ] as const)('O-16 %s is connected with signatures, nonces and timestamps that a strict provider takes', async (provider, host, upstream, path) => {
      upstream.problems.length = 0;
      const { key, flow, requestToken } = await begin(provider, host);
      await flow.browser.visit(upstream.consent(requestToken).href);
      const outcome = await flow.outcome();
      expect(outcome).toMatchObject({ message_type: 'success' });
      const id = outcome.connection_id ?? '';
      await lives({ id, key, path, isMinted: false }, async () => {
        const again = await leave(key, host, await reconnectToken(id, key));
        await again.flow.browser.visit(upstream.consent(again.requestToken).href);
        return (await again.flow.outcome()).connection_id ?? '';
      });
      expect(upstream.problems).toEqual([]);
    });

    it('O-16 a flow is bound to its state and its browser, and its verifier is good for one callback', async () => {
      const mine = await begin('trello', 'https://trello.com/');
      const back = trello.consent(mine.requestToken);
      expect(back.searchParams.get('state')).toMatch(/^.{43}$/);
      const without = new URL(back);
      without.searchParams.delete('state');
      const other = await begin('trello', 'https://trello.com/');
      expect((await mine.flow.browser.visit(without.href)).status).toBe(400);
      expect((await other.flow.browser.visit(back.href)).status).toBe(400);
      expect(await mine.flow.outcome()).toMatchObject({ error_type: 'state_cookie_err' });
      expect((await mine.flow.browser.visit(back.href)).status).toBe(400);
    });

    it('O-16 the request token is the one of the session, whatever the callback names; a wrong verifier is refused', async () => {
      const mine = await begin('trello', 'https://trello.com/');
      const back = trello.consent(mine.requestToken);
      back.searchParams.set('oauth_token', 'request-of-an-attacker');
      back.searchParams.set('oauth_verifier', 'verifier of request-of-an-attacker');
      expect((await mine.flow.browser.visit(back.href)).status).toBe(400);
      expect(await mine.flow.outcome()).toMatchObject({ message_type: 'error', error_type: 'token_err' });
    });

    it('O-16 token based authentication signs with SHA-256, and every nonce is new', () => {
      expect(netsuite.problems).toEqual([]);
    });
  });
});

/** What a token says that was signed with HS256 and this secret. */
function claimsOf(header: string, secret: string): Record<string, unknown> | undefined {
  const [head = '', payload = '', signature] = header.replace('Bearer ', '').split('.');
  const isRight = createHmac('sha256', secret).update(`${head}.${payload}`).digest('base64url') === signature;
  return isRight ? (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>) : undefined;
}
