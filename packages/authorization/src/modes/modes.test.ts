import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { Credentials } from 'model';
import type { Provider } from 'providers';
import { describe, expect, it } from 'vitest';
import { aContext, anEndpoint, formOf } from '../test/context.js';
import type { TokenContext, TokenGrant } from '../token-request.js';
import { askForToken, readTokenAnswer } from './modes.js';

const at = new Date('2026-01-01T00:00:00Z');
const code: TokenGrant = { kind: 'authorization_code', code: 'the-code', redirectUri: 'https://us.example/cb', codeVerifier: 'verifier' };
const refresh = (more: object = {}): TokenGrant => ({
  kind: 'refresh_token',
  credentials: { type: 'OAUTH2', access_token: 'old', refresh_token: 'refresh-1', raw: {}, ...more },
});
const ok = { body: { access_token: 'new', expires_in: 60 } };

async function ask(provider: Partial<Provider>, grant: TokenGrant, more: Partial<TokenContext> = {}, ...answers: Parameters<typeof anEndpoint>) {
  const endpoint = anEndpoint(...(answers.length > 0 ? answers : [ok]));
  const context = aContext(provider, endpoint.send, more);
  const outcome = readTokenAnswer(context, grant, await askForToken(context, grant), at);
  return { outcome, seen: endpoint.seen, form: formOf(endpoint.seen.at(-1)), headers: endpoint.seen.at(-1)?.headers ?? {} };
}

describe('the exchange of a code', () => {
  it('sends the code with its verifier, and the client in the body', async () => {
    const { seen, form, outcome } = await ask({ token_params: { audience: '${connectionConfig.x}' } }, code, { connectionConfig: { x: '1' } });
    expect(seen[0]).toMatchObject({ url: 'https://as.example/token', method: 'POST' });
    expect(form).toEqual({
      grant_type: 'authorization_code',
      code: 'the-code',
      redirect_uri: 'https://us.example/cb',
      code_verifier: 'verifier',
      client_id: 'client id',
      client_secret: 's&c:r',
      audience: '1',
    });
    expect(outcome).toMatchObject({ kind: 'issued', credentials: { type: 'OAUTH2', access_token: 'new', expires_at: new Date('2026-01-01T00:01:00Z') } });
  });

  it('proves the client as the entry says', async () => {
    const encoded = `Basic ${Buffer.from('client+id:s%26c%3Ar').toString('base64')}`;
    const basic = await ask({ token_request_auth_method: 'basic' }, code);
    expect(basic.headers['authorization']).toBe(encoded);
    expect(basic.form['client_secret']).toBeUndefined();
    expect((await ask({ authorization_method: 'header' }, code)).headers['authorization']).toBe(encoded);
    const raw = await ask({ token_request_auth_method: 'basic', basic_auth_unencoded: true }, code);
    expect(raw.headers['authorization']).toBe(`Basic ${Buffer.from('client id:s&c:r').toString('base64')}`);
    expect((await ask({ token_request_auth_method: 'none' }, code)).form).not.toHaveProperty('client_secret');
    const custom = await ask({ token_request_auth_method: 'custom', token_headers: { 'X-Key': '${clientSecret}' } }, code);
    expect([custom.headers['x-key'], custom.form['client_id']]).toEqual(['s&c:r', undefined]);
  });

  it.each([
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['PS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['ES384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    ['Ed25519', generateKeyPairSync('ed25519').privateKey],
  ])('proves the client with a key of its own, %s', async (algorithm, privateKey) => {
    const pem = privateKey
      .export({ type: 'pkcs8', format: 'pem' })
      .toString()
      .replaceAll('\n', String.raw`\n`);
    const secret = algorithm === 'PS256' ? JSON.stringify({ ...privateKey.export({ format: 'jwk' }), alg: algorithm, kid: 'k1' }) : pem;
    const { form } = await ask({ token_request_auth_method: 'private_key_jwt' }, code, { client: { id: 'c', secret, scopes: [] } });
    expect(form).toMatchObject({ client_id: 'c', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' });
    const [header = '', payload = '', signature = ''] = form['client_assertion']?.split('.') ?? [];
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ alg: algorithm, ...(algorithm === 'PS256' ? { kid: 'k1' } : {}) });
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ iss: 'c', sub: 'c', aud: 'https://as.example/token' });
    const key = { key: createPublicKey(privateKey), dsaEncoding: 'ieee-p1363' as const, ...(algorithm === 'PS256' ? { padding: 6, saltLength: 32 } : {}) };
    const hash = algorithm === 'Ed25519' ? null : `sha${algorithm.slice(2)}`;
    expect(verify(hash, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('is refused for a key that is none, and for an endpoint that cannot be built', async () => {
    await expect(ask({ token_request_auth_method: 'private_key_jwt' }, code)).rejects.toMatchObject({ code: 'token_request_failed' });
    await expect(ask({ token_url: 'https://${connectionConfig.x}.example/token' }, code)).rejects.toMatchObject({ code: 'missing_api_url' });
    const evil = { connectionConfig: { x: 'evil.example/' } };
    await expect(ask({ token_url: 'https://${connectionConfig.x}.as.example/token' }, code, evil)).rejects.toMatchObject({ code: 'missing_api_url' });
  });

  it('asks once more with the previous secret where the current one is refused, and never a third time', async () => {
    const client = { id: 'c', secret: 'new-secret', previousSecret: 'old-secret', scopes: [] };
    const refused = { status: 401, body: { error: 'invalid_client' } };
    const { seen, outcome } = await ask({}, code, { client }, refused, ok);
    expect(seen.map((request) => formOf(request)['client_secret'])).toEqual(['new-secret', 'old-secret']);
    expect(outcome.kind).toBe('issued');
    expect((await ask({}, code, { client }, refused)).seen).toHaveLength(2);
    expect((await ask({}, code, { client }, { status: 400, body: { error: 'invalid_grant' } })).seen).toHaveLength(1);
    expect((await ask({}, code, {}, refused)).seen).toHaveLength(1);
  });

  it('tells how long to wait where the endpoint says so', async () => {
    expect((await ask({}, code, {}, { status: 429, headers: { 'retry-after': '90' } })).outcome).toMatchObject({ kind: 'failed', retryAfterSeconds: 90 });
    expect((await ask({}, code, {}, { status: 503, headers: { 'retry-after': '9999999' } })).outcome).toMatchObject({ retryAfterSeconds: 3600 });
    expect((await ask({}, code, {}, { status: 500, headers: { 'retry-after': '90' } })).outcome).not.toHaveProperty('retryAfterSeconds');
  });
});

describe('a refresh', () => {
  it('asks for a refresh whatever the exchange of codes asks for, at its own address if it has one', async () => {
    const provider = { token_params: { grant_type: 'authorization_code', a: '1' }, refresh_url: 'https://as.example/refresh' };
    const { seen, form } = await ask(provider, refresh());
    expect(seen[0]?.url).toBe('https://as.example/refresh');
    expect(form).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'refresh-1', a: '1' });
    expect((await ask({ ...provider, refresh_params: { b: '2' } }, refresh())).form).not.toHaveProperty('a');
  });

  it('keeps the refresh token that was not replaced, and is daily where no end is told', async () => {
    const { outcome } = await ask({}, refresh({ expires_at: at }), {}, { body: { access_token: 'new' } });
    expect(outcome).toMatchObject({ credentials: { refresh_token: 'refresh-1', access_token: 'new', expires_at: new Date('2026-01-02T00:00:00Z') } });
  });

  it('goes with the connection’s own client, which stays with it', async () => {
    const own = { client_id: 'own', client_secret: 'own-secret' };
    const { form, outcome } = await ask({}, refresh({ config_override: own }));
    expect(form).toMatchObject(own);
    expect(outcome).toMatchObject({ credentials: { config_override: own } });
  });

  it('tells no token in its reason', async () => {
    const { outcome } = await ask({}, refresh(), {}, { status: 400, body: { error: 'invalid_grant', error_description: 'refresh-1 of s&c:r' } });
    expect(outcome).toEqual({ kind: 'rejected', reason: 'invalid_grant: [redacted] of [redacted]', status: 400 });
  });
});

describe('client credentials', () => {
  const login = (fields: Record<string, unknown>): TokenGrant => ({ kind: 'login', type: 'OAUTH2_CC', fields });

  it('are asked for with the connection’s client, in the provider’s body format, for 55 minutes where no end is told', async () => {
    const provider = { auth_mode: 'OAUTH2_CC' as const, body_format: 'json' as const, token_params: { audience: '${connectionConfig.a}' } };
    const grant = login({ client_id: 'own', client_secret: 'own-secret' });
    const { seen, outcome } = await ask(provider, grant, { connectionConfig: { a: 'api' } }, { body: { access_token: 't' } });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
      audience: 'api',
      client_id: 'own',
      client_secret: 'own-secret',
    });
    expect(outcome).toMatchObject({ credentials: { type: 'OAUTH2_CC', token: 't', client_id: 'own', expires_at: new Date('2026-01-01T00:55:00Z') } });
  });

  it('are the integration’s where the connection has none, and are never spent', async () => {
    const { form } = await ask({}, login({ client_id: '', client_secret: '' }));
    expect(form).toMatchObject({ client_id: 'client id', client_secret: 's&c:r' });
    expect((await ask({}, login({}), {}, { status: 400, body: { error: 'invalid_grant' } })).outcome.kind).toBe('failed');
  });
});

describe('OAuth 1.0', () => {
  it('makes a token of a verifier, signed with the request token', async () => {
    const grant: TokenGrant = { kind: 'oauth_verifier', token: 'rt', tokenSecret: 'rs', verifier: 'v' };
    const { outcome, headers } = await ask({ auth_mode: 'OAUTH1' }, grant, {}, { text: 'oauth_token=t&oauth_token_secret=s&user_id=7' });
    expect(headers['authorization']).toMatch(/^OAuth .*oauth_token="rt".*oauth_verifier="v"/);
    expect(outcome).toMatchObject({ kind: 'issued', credentials: { type: 'OAUTH1', oauth_token: 't', oauth_token_secret: 's', raw: { user_id: '7' } } });
    expect((await ask({ auth_mode: 'OAUTH1' }, grant, {}, { status: 401, text: 'no' })).outcome).toMatchObject({ kind: 'failed', status: 401 });
  });
});

describe('an MCP server’s token', () => {
  const server = {
    issuer: 'https://as.example',
    token_endpoint: 'https://as.example/t',
    token_endpoint_auth_method: 'none',
    resource: 'https://m.example/mcp',
  } as const;

  it('is asked for at the server that was found, for the resource', async () => {
    const { form, seen, outcome } = await ask({ auth_mode: 'MCP_OAUTH2_GENERIC' }, { ...code, server } as TokenGrant);
    expect(seen[0]?.url).toBe('https://as.example/t');
    expect(form).toMatchObject({ resource: server.resource, client_id: 'client id', code_verifier: 'verifier' });
    expect(form).not.toHaveProperty('client_secret');
    expect(outcome).toMatchObject({ credentials: { type: 'MCP_OAUTH2_GENERIC', server, access_token: 'new' } });
  });

  it('is refreshed with the client that was registered for it', async () => {
    const credentials = {
      type: 'MCP_OAUTH2',
      access_token: 'o',
      refresh_token: 'r',
      raw: {},
      server,
      config_override: { client_id: 'registered' },
    } as Credentials;
    const { form, outcome } = await ask({ auth_mode: 'MCP_OAUTH2' }, { kind: 'refresh_token', credentials } as TokenGrant);
    expect(form).toMatchObject({ grant_type: 'refresh_token', client_id: 'registered', refresh_token: 'r', resource: server.resource });
    expect(outcome).toMatchObject({ credentials: { type: 'MCP_OAUTH2', config_override: { client_id: 'registered' }, refresh_token: 'r' } });
  });
});

describe('a mode without tokens', () => {
  it('is refused', async () => {
    await expect(async () => ask({ auth_mode: 'API_KEY' }, code)).rejects.toMatchObject({ code: 'invalid_auth_mode' });
  });
});
