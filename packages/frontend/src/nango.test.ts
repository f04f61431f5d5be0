import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuthOptions, type Credentials, Nango } from './index.js';
import { FakeServer } from './test/fake-server.js';

const outcomeOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

describe('the client without a popup', () => {
  let server: FakeServer;
  let nango: Nango;
  beforeAll(async () => {
    server = await FakeServer.start();
    nango = new Nango({ host: `${server.url}/`, publicKey: 'public' });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    server.requests.length = 0;
    server.answer = { status: 200, body: { providerConfigKey: 'api', connectionId: 'made' } };
  });

  const bill = { username: 'u', password: 'p', organization_id: 'o', dev_key: 'd' };
  const appStore = { privateKeyId: 'k', issuerId: 'i', privateKey: 'pem' };
  const routes: [string, Credentials, unknown?][] = [
    ['/api-auth/api-key/api', { apiKey: 'k' }],
    ['/api-auth/api-key/api', { type: 'API_KEY', apiKey: 'k' }, { apiKey: 'k' }],
    ['/api-auth/basic/api', { username: 'u', password: 'p' }],
    ['/api-auth/basic/api', { username: 'u', password: '' }],
    ['/api-auth/basic/api', { password: 'p' }],
    ['/auth/tba/api', { token_id: 't', token_secret: 's' }],
    ['/auth/tba/api', { token_id: 't', token_secret: 's', oauth_client_id_override: 'c', oauth_client_secret_override: 'x' }],
    ['/oauth2/auth/api', { client_id: 'c', client_secret: 's' }],
    ['/oauth2/auth/api', { type: 'OAUTH2_CC', client_id: 'c', client_secret: 's', client_certificate: 'crt', client_private_key: 'key' }, expect.anything()],
    ['/app-store-auth/api', appStore],
    ['/auth/jwt/api', { type: 'JWT', ...appStore }, appStore],
    ['/auth/jwt/api', { privateKey: { id: 'i', secret: 's' } }],
    ['/auth/bill/api', bill],
    ['/auth/bill/api', { type: 'BILL', ...bill }, bill],
    ['/auth/two-step/api', { type: 'TWO_STEP', username: 'u', tenant: 't' }, { username: 'u', tenant: 't' }],
    ['/auth/signature/api', { type: 'SIGNATURE', username: 'u', password: 'p' }, { username: 'u', password: 'p' }],
    ['/auth/aws-sigv4/api', { type: 'AWS_SIGV4', role_arn: 'arn', region: 'eu' }, { role_arn: 'arn', region: 'eu' }],
    ['/auth/tableau/api', { pat_name: 'n', pat_secret: 's', content_url: 'site' }],
  ];
  it.each(routes)('sends to %s the credentials %j', async (path, credentials, body = credentials) => {
    expect(await nango.auth('api', 'mine', { credentials })).toEqual({ providerConfigKey: 'api', connectionId: 'made', ok: true });
    const query = [
      ['public_key', 'public'],
      ['connection_id', 'mine'],
    ];
    expect(server.requests).toEqual([{ method: 'POST', path, query, body }]);
  });

  it('takes bare credentials as third argument, as the oldest clients did', async () => {
    await nango.auth('api', 'mine', { apiKey: 'k' });
    expect(server.requests).toMatchObject([{ path: '/api-auth/api-key/api', body: { apiKey: 'k' } }]);
  });

  it('sends the kind of assertion with two-step credentials', async () => {
    await nango.auth('api', { credentials: { type: 'TWO_STEP', username: 'u' }, assertionOption: 'saml' });
    expect(server.requests).toMatchObject([{ body: { username: 'u', assertionOption: 'saml' } }]);
  });

  it('starts an outbound installation without a popup', async () => {
    await nango.auth('api', { installation: 'outbound' });
    expect(server.requests).toMatchObject([{ method: 'POST', path: '/auth/oauth-outbound/api', body: {} }]);
  });

  it('makes a connection without credentials', async () => {
    await nango.create('an api', 'mine', { params: { region: 'eu' } });
    await nango.create('api');
    expect(server.requests).toMatchObject([
      { path: '/auth/unauthenticated/an%20api', query: [expect.anything(), ['connection_id', 'mine'], ['params[region]', 'eu']] },
      { path: '/auth/unauthenticated/api', query: [['public_key', 'public']] },
    ]);
  });

  it('sends every option as a parameter, and an undefined authorization parameter as the word', async () => {
    const options: AuthOptions = {
      credentials: { apiKey: 'k' },
      hmac: 'digest',
      user_scope: ['read', 'write'],
      params: { subdomain: 'acme' },
      authorization_params: { prompt: 'consent', access_type: undefined },
    };
    await new Nango({ host: server.url, connectSessionToken: 'token' }).auth('api', options);
    expect(server.requests[0]?.query).toEqual([
      ['connect_session_token', 'token'],
      ['hmac', 'digest'],
      ['user_scope', 'read,write'],
      ['params[subdomain]', 'acme'],
      ['authorization_params[prompt]', 'consent'],
      ['authorization_params[access_type]', 'undefined'],
    ]);
  });

  it('reports that a connection is pending', async () => {
    server.answer.body = { providerConfigKey: 'api', connectionId: 'made', isPending: true };
    expect(await nango.auth('api', { credentials: { apiKey: 'k' } })).toMatchObject({ isPending: true });
  });

  it('reconnects under a connect session only', async () => {
    expect(await outcomeOf(nango.reconnect('api', { credentials: { apiKey: 'k' } }))).toMatchObject({ type: 'missing_connect_session_token' });
    await new Nango({ host: server.url, connectSessionToken: 'token' }).reconnect('api', { credentials: { apiKey: 'k' } });
    expect(server.requests).toMatchObject([{ path: '/api-auth/api-key/api', query: [['connect_session_token', 'token']] }]);
  });

  it.each([
    [400, { error: { code: 'connection_test_failed', message: 'Bad key' } }, 'connection_test_failed', 'Bad key'],
    [400, { error: 'old words' }, 'unknown_error', 'old words'],
    [502, undefined, 'unknown_error', 'The server answered 502.'],
    [200, { unexpected: true }, 'unknown_error', 'The server answered 200.'],
  ])('rejects when the server answers %i %j', async (status, body, type, message) => {
    server.answer = { status, body };
    expect(await outcomeOf(nango.auth('api', { credentials: { apiKey: 'k' } }))).toMatchObject({ name: 'AuthError', type, message });
  });

  it('rejects when the server cannot be reached', async () => {
    const away = new Nango({ host: 'http://127.0.0.1:1', publicKey: 'public' });
    expect(await outcomeOf(away.auth('api', { credentials: { apiKey: 'k' } }))).toMatchObject({ name: 'AuthError', type: 'unknown_error' });
  });

  it('rejects credentials of no known form, and calls without a key', async () => {
    // What JavaScript may pass.
    expect(await outcomeOf(nango.auth('api', { credentials: {} }))).toMatchObject({ type: 'missing_credentials' });
    expect(await outcomeOf(new Nango({ host: server.url }).auth('api'))).toMatchObject({ type: 'missing_auth_token' });
    expect(server.requests).toEqual([]);
  });

  it('rejects a popup where there is no browser', async () => {
    expect(await outcomeOf(nango.auth('api'))).toMatchObject({ name: 'AuthError', type: 'blocked_by_browser' });
  });

  it.each(['localhost:3003', 'no url', 'ftp://files', ''])('refuses the host %j', (host) => {
    expect(() => new Nango({ host })).toThrow(expect.objectContaining({ name: 'AuthError', type: 'invalid_host_url' }));
  });
});
