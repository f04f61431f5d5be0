import type { Credentials } from 'model';
import { buildUrl, type PlaceholderValues } from 'providers';
import type { ClientAuthenticationMethod } from './client-authentication.js';
import { isFields, textOf } from './dotted-path.js';
import { ownClient } from './modes/oauth2.js';
import { parseTokenBody } from './token-body.js';
import { endpointRequest, fillHeaders, fillParams } from './token-endpoint.js';
import type { TokenContext, TokenHttpRequest } from './token-request.js';

/** What became of a credential that was given back. `unsupported`: the provider has no way to. */
export type RevocationOutcome = 'revoked' | 'unsupported' | 'failed';

const mcpMethods = { none: 'none', client_secret_basic: 'basic', client_secret_post: 'body' } as const satisfies Record<string, ClientAuthenticationMethod>;

/**
 * Gives a credential back to its provider: after RFC 7009, or by the request that the entry describes. The refresh token is revoked where
 * there is one, since its access tokens go with it. Never throws.
 */
export async function revokeCredentials(context: TokenContext, credentials: Credentials): Promise<RevocationOutcome> {
  try {
    const request = await revocationRequest(context, credentials);
    if (!request) return 'unsupported';
    const { status, text } = await context.send(request);
    return status >= 200 && status < 300 && !saysFailure(text) ? 'revoked' : 'failed';
  } catch {
    return 'failed';
  }
}

/** Some answer 200 with the failure in the body. */
function saysFailure(text: string): boolean {
  const body = parseTokenBody(text);
  return isFields(body) && (body['ok'] === false || typeof body['error'] === 'string');
}

async function revocationRequest(context: TokenContext, credentials: Credentials): Promise<TokenHttpRequest | undefined> {
  if (credentials.type === 'MCP_OAUTH2' || credentials.type === 'MCP_OAUTH2_GENERIC') {
    const { server, config_override: own } = credentials;
    if (server.revocation_endpoint === undefined) return undefined;
    const call = { url: server.revocation_endpoint, fields: tokenFields(credentials), authentication: mcpMethods[server.token_endpoint_auth_method] };
    return endpointRequest({ ...context.provider, body_format: 'form', token_request_method: 'POST' }, ownClient(context.client, own), call);
  }
  const { provider, connectionConfig } = context;
  if (provider.revocation_url === undefined) return undefined;
  const client = ownClient(context.client, credentials.type === 'OAUTH2' ? credentials.config_override : undefined);
  const { token } = tokenFields(credentials);
  // Such as the pair of token based authentication, whose entry has the revocation endpoint of OAuth 2.0 by its alias.
  if (token === '' && isStandard(context)) return undefined;
  const values = { connectionConfig, clientId: client.id, clientSecret: client.secret, credentials, ...accessTokens(credentials), token };
  const built = buildUrl(provider.revocation_url, values);
  if (built.kind !== 'known') throw new Error('The revocation endpoint cannot be built');
  return isStandard(context) ? standardRequest({ ...context, client }, built.url, credentials) : ownRequest(context, built.url, values);
}

function isStandard({ provider }: TokenContext): boolean {
  return provider.revocation_params === undefined && provider.revocation_method === undefined && provider.revocation_headers === undefined;
}

function standardRequest({ provider, client }: TokenContext, url: string, credentials: Credentials): Promise<TokenHttpRequest> {
  return endpointRequest({ ...provider, body_format: 'form', token_request_method: 'POST' }, client, { url, fields: tokenFields(credentials) });
}

/** The entry says everything: no proof of the client is added that it does not name. */
async function ownRequest({ provider, client }: TokenContext, url: string, values: PlaceholderValues): Promise<TokenHttpRequest> {
  const method = provider.revocation_method ?? 'POST';
  const fields = fillParams(provider.revocation_params, values);
  const headers = fillHeaders(provider.revocation_headers, values);
  if (method !== 'POST' && Object.keys(fields).length === 0) return { url, method, headers: { 'user-agent': 'nango', ...headers } };
  const dialect = { ...provider, token_request_method: method === 'GET' ? method : ('POST' as const) };
  return { ...(await endpointRequest(dialect, client, { url, fields, headers, authentication: 'custom' })), method };
}

/** RFC 7009, section 2.1. */
function tokenFields(credentials: Credentials): { token: string; token_type_hint: string } {
  const { accessToken, refresh_token: refreshToken } = accessTokens(credentials);
  return refreshToken === undefined ? { token: accessToken ?? '', token_type_hint: 'access_token' } : { token: refreshToken, token_type_hint: 'refresh_token' };
}

function accessTokens(credentials: Credentials): { accessToken: string | undefined; refresh_token: string | undefined } {
  const { access_token, token, refresh_token } = credentials as { access_token?: unknown; token?: unknown; refresh_token?: unknown }; // each mode has some of them
  return { accessToken: textOf(access_token) ?? textOf(token), refresh_token: textOf(refresh_token) };
}
