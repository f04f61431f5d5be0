import { generateKeyPairSync } from 'node:crypto';
import type { McpCredentials, OAuth2Credentials } from 'model';
import type { Provider } from 'providers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizationUrl, pkce } from './authorization-url.js';
import { findMcpServer, registerMcpClient } from './mcp-registration.js';
import { askForToken, readTokenAnswer } from './modes/modes.js';
import { revokeCredentials } from './revocation.js';
import { aContext, aProvider } from './test/context.js';
import { OidcServer } from './test/oidc-server.js';
import type { TokenContext, TokenGrant, TokenOutcome } from './token-request.js';

const redirectUri = 'https://us.example/oauth/callback';
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const common = { redirect_uris: [redirectUri], grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] };
const secret = 'a secret: with & signs %';
const pem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let server: OidcServer;
beforeAll(async () => {
  const jwks = { keys: [{ ...keys.publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' as const }] };
  server = await OidcServer.start([
    { ...common, client_id: 'basic', client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' },
    { ...common, client_id: 'body', client_secret: secret, token_endpoint_auth_method: 'client_secret_post' },
    { ...common, client_id: 'key', token_endpoint_auth_method: 'private_key_jwt', jwks } as never, // a JWK as Node exports it
  ]);
});
afterAll(() => server.close());

function entry(more: Partial<Provider>): Provider {
  const { url } = server;
  return aProvider({ authorization_url: `${url}/auth`, token_url: `${url}/token`, revocation_url: `${url}/token/revocation`, issuer: url, ...more });
}

function contextFor(id: string, more: Partial<Provider> = {}): TokenContext {
  const client = { id, secret: id === 'key' ? pem : secret, scopes: ['openid', 'offline_access'] };
  return { ...aContext({}, (request) => server.send(request)), provider: entry(more), client };
}

async function get(context: TokenContext, grant: TokenGrant): Promise<TokenOutcome> {
  return readTokenAnswer(context, grant, await askForToken(context, grant), new Date());
}

async function issued<T>(context: TokenContext, grant: TokenGrant): Promise<T> {
  const outcome = await get(context, grant);
  if (outcome.kind !== 'issued') throw new Error(outcome.reason);
  return outcome.credentials as T; // the caller names the mode it asked
}

async function consentTo(
  context: TokenContext,
  more: { resource?: string; authorizationEndpoint?: string } = {},
): Promise<TokenGrant & { kind: 'authorization_code' }> {
  const { codeVerifier, codeChallenge } = await pkce();
  const { provider, connectionConfig, client } = context;
  const built = authorizationUrl({
    provider,
    connectionConfig,
    client,
    redirectUri,
    codeChallenge,
    state: 'the state',
    authorizationParams: { prompt: 'consent' },
    ...more,
  });
  if (built.kind !== 'known') throw new Error(built.kind);
  const answered = await server.authorize(built.url);
  expect(Object.fromEntries(answered)).toMatchObject({ state: 'the state', iss: server.url });
  return { kind: 'authorization_code', code: answered.get('code') ?? '', redirectUri, codeVerifier };
}

describe('against a certified authorization server', () => {
  it.each([
    ['basic', 'basic'],
    ['body', 'body'],
    ['key', 'private_key_jwt'],
  ] as const)('a client proves itself by %s: code, renewal with rotation, revocation', async (id, method) => {
    const context = contextFor(id, { token_request_auth_method: method });
    const first = await issued<OAuth2Credentials>(context, await consentTo(context));
    expect(first.expires_at?.getTime()).toBeGreaterThan(Date.now());
    const second = await issued<OAuth2Credentials>(context, { kind: 'refresh_token', credentials: first });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await revokeCredentials(context, second)).toBe('revoked');
    expect(await get(context, { kind: 'refresh_token', credentials: second })).toMatchObject({ kind: 'rejected', status: 400 });
  });

  it('a refresh token that is spent twice is rejected, and its successor with it', async () => {
    const context = contextFor('body');
    const first = await issued<OAuth2Credentials>(context, await consentTo(context));
    const second = await issued<OAuth2Credentials>(context, { kind: 'refresh_token', credentials: first });
    expect(await get(context, { kind: 'refresh_token', credentials: first })).toMatchObject({ kind: 'rejected' });
    expect(await get(context, { kind: 'refresh_token', credentials: second })).toMatchObject({ kind: 'rejected' });
  });

  it('a code is worth nothing without its verifier', async () => {
    const context = contextFor('body');
    const grant = await consentTo(context);
    expect(await get(context, { ...grant, codeVerifier: (await pkce()).codeVerifier })).toMatchObject({ kind: 'rejected' });
  });

  it('a client gets a token for itself, and with the previous secret while a rotation overlaps', async () => {
    const provider = entry({ auth_mode: 'OAUTH2_CC', token_request_auth_method: 'basic' });
    const login: TokenGrant = { kind: 'login', type: 'OAUTH2_CC', fields: {} };
    const context = { ...contextFor('basic'), provider, client: { id: 'basic', secret, scopes: [] } };
    expect(await issued(context, login)).toMatchObject({ type: 'OAUTH2_CC', token: expect.any(String) });
    const rotated = { ...context, client: { ...context.client, secret: 'not yet known there', previousSecret: secret } };
    expect((await get(rotated, login)).kind).toBe('issued');
    expect(await get({ ...rotated, client: { ...rotated.client, previousSecret: undefined } }, login)).toMatchObject({ kind: 'failed', status: 401 });
  });

  it('an MCP server is found, a client registered, and a token made out for its resource, which is renewed and given back', async () => {
    const context = {
      ...contextFor('none', { auth_mode: 'MCP_OAUTH2_GENERIC', authorization_url: undefined, token_url: undefined, revocation_url: undefined }),
      connectionConfig: { mcp_server_url: `${server.url}/mcp` },
    };
    const discovery = await findMcpServer(context);
    expect(discovery).toMatchObject({ server: { issuer: server.url, resource: `${server.url}/mcp` }, sendsIssuer: true, scopes: ['read'] });
    const client = await registerMcpClient(context, discovery, { redirectUri, clientName: 'Us' });
    const registered = { ...context, client: { id: client.client_id, secret: client.client_secret ?? '', scopes: ['openid', 'offline_access', 'read'] } };
    const mcpServer = { ...discovery.server, token_endpoint_auth_method: client.method };
    const { authorizationEndpoint } = discovery;
    const grant = await consentTo(registered, { resource: mcpServer.resource, authorizationEndpoint });
    const first = await issued<McpCredentials>(registered, { ...grant, server: mcpServer });
    const second = await issued<McpCredentials>(registered, { kind: 'refresh_token', credentials: first });
    expect(second).toMatchObject({ type: 'MCP_OAUTH2_GENERIC', server: mcpServer });
    expect(await revokeCredentials(registered, second)).toBe('revoked');
  });
});
