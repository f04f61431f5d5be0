import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from 'oauth4webapi';
import { buildUrl, interpolate, type PlaceholderValues, type Provider, type ProviderUrl, tokenUrlOf } from 'providers';
import type { AuthorizationClient } from './token-request.js';

/** What sends a browser to a provider's authorisation page. */
export type AuthorizationUrlRequest = {
  provider: Provider;
  connectionConfig: Record<string, unknown>;
  /** Its scopes are those that are asked for. */
  client: Pick<AuthorizationClient, 'id' | 'scopes'>;
  redirectUri: string;
  state: string;
  /** S256; left out for a provider that breaks with PKCE. */
  codeChallenge?: string | undefined;
  /** Scopes of the person instead of the app, in the parameter `user_scope` (Slack). */
  userScopes?: readonly string[] | undefined;
  /** Of the request: they win over the entry's. The value `undefined` takes a parameter away. */
  authorizationParams?: Readonly<Record<string, string | undefined>> | undefined;
  /** RFC 8707: whom the token is for. */
  resource?: string | undefined;
  /** Found by discovery; the entry's unless given. */
  authorizationEndpoint?: string | undefined;
};

type Params = Record<string, string>;

/**
 * The address of the provider's authorisation page (surface 5.4), or the values that the connection lacks or has in a form that no host
 * may have; those of the token endpoint count too, so that nobody consents in vain. Neither entry nor request can replace `client_id`,
 * `redirect_uri`, `state` and the PKCE challenge.
 */
export function authorizationUrl(request: AuthorizationUrlRequest): ProviderUrl {
  const { provider, connectionConfig, authorizationEndpoint } = request;
  const values = { connectionConfig, clientId: request.client.id };
  const built = buildUrl(authorizationEndpoint ?? provider.authorization_url ?? '', values);
  if (built.kind !== 'known') return built;
  const tokenUrl = authorizationEndpoint === undefined ? tokenUrlOf(provider, 'OAUTH2') : undefined;
  const token = tokenUrl === undefined ? built : buildUrl(tokenUrl, values);
  if (token.kind !== 'known') return token;
  const { params, missing } = fillAll(provider.authorization_params ?? {}, values);
  if (missing.length > 0) return { kind: 'missing', names: missing };
  return { kind: 'known', url: withQuery(provider, built.url, { ...openParams(request, params), ...lockedParams(request) }) };
}

/** Where OAuth 1.0 sends the browser with a request token (RFC 5849, section 2.2). */
export function oauth1AuthorizationUrl(
  request: Pick<AuthorizationUrlRequest, 'provider' | 'connectionConfig' | 'authorizationParams'> & { requestToken: string },
): ProviderUrl {
  const { provider, connectionConfig, authorizationParams, requestToken } = request;
  const built = buildUrl(provider.authorization_url ?? '', { connectionConfig });
  if (built.kind !== 'known') return built;
  const { params, missing } = fillAll(provider.authorization_params ?? {}, { connectionConfig });
  if (missing.length > 0) return { kind: 'missing', names: missing };
  return { kind: 'known', url: withQuery(provider, built.url, { ...overridden(params, authorizationParams), oauth_token: requestToken }) };
}

/** A PKCE verifier with its S256 challenge (RFC 7636). */
export async function pkce(): Promise<{ codeVerifier: string; codeChallenge: string }> {
  const codeVerifier = generateRandomCodeVerifier();
  return { codeVerifier, codeChallenge: await calculatePKCECodeChallenge(codeVerifier) };
}

function openParams({ provider, client, userScopes = [], authorizationParams, resource }: AuthorizationUrlRequest, own: Params): Params {
  const separator = provider.scope_separator ?? ' ';
  const params = {
    response_type: 'code',
    ...(client.scopes.length > 0 ? { scope: client.scopes.join(separator) } : {}),
    ...(userScopes.length > 0 ? { user_scope: userScopes.join(separator) } : {}),
    ...(resource === undefined ? {} : { resource }),
    ...own,
  };
  return overridden(params, authorizationParams);
}

function lockedParams({ provider, client, redirectUri, state, codeChallenge }: AuthorizationUrlRequest): Params {
  const challenge = codeChallenge === undefined || provider.disable_pkce ? {} : { code_challenge: codeChallenge, code_challenge_method: 'S256' };
  return { client_id: client.id, redirect_uri: redirectUri, state, ...challenge };
}

const locked = new Set(['client_id', 'redirect_uri', 'state', 'code_challenge', 'code_challenge_method', 'oauth_token']);

function overridden(params: Params, authorizationParams: AuthorizationUrlRequest['authorizationParams'] = {}): Params {
  const merged = { ...params, ...authorizationParams };
  const kept = Object.entries(merged).filter(([name, value]) => value !== undefined && value !== 'undefined' && !locked.has(name));
  return Object.fromEntries(kept) as Params; // no value is undefined, filtered above
}

function fillAll(templates: Readonly<Record<string, string>>, values: PlaceholderValues): { params: Params; missing: string[] } {
  const filled = Object.entries(templates).map(([name, template]) => [name, interpolate(template, values)] as const);
  const missing = filled.flatMap(([, part]) => part.missing).filter((name) => name.startsWith('connectionConfig.'));
  return { params: Object.fromEntries(filled.map(([name, part]) => [name, part.text])), missing };
}

function withQuery(provider: Provider, url: string, params: Params): string {
  const { authorization_url_skip_encode: raw = [], authorization_url_skip_empty: skipsEmpty, authorization_url_fragment: fragment } = provider;
  const pairs = Object.entries(params).filter(([, value]) => !skipsEmpty || value !== '');
  const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${raw.includes(name) ? spared(value) : encodeURIComponent(value.toWellFormed())}`);
  const base = fragment === undefined ? url : `${url}#${fragment.replace(/^#/, '')}`;
  const whole = `${base}${base.includes('?') ? '&' : '?'}${query.join('&')}`;
  return Object.entries(provider.authorization_url_replacements ?? {}).reduce((text, [from, to]) => text.replaceAll(from, () => to), whole);
}

/** A value as it is, except for what would end it or no address can hold. */
function spared(value: string): string {
  return value.toWellFormed().replaceAll(/[^\u0021-\u007e]|[&#]/gu, (sign) => encodeURIComponent(sign));
}
