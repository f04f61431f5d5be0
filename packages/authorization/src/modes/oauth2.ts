import { AppError, type OAuth2Credentials } from 'model';
import { tokenUrlOf } from 'providers';
import { callTokenEndpoint, endpointUrl, fillHeaders, fillParams } from '../token-endpoint.js';
import type { TokenAnswer, TokenContext, TokenGrant, TokenOutcome } from '../token-request.js';
import { endOf, readTokens } from '../token-response.js';
import type { ModeTokens, ReadContext } from './mode.js';

type CodeGrant = Extract<TokenGrant, { kind: 'authorization_code' }>;
type RefreshGrant = Extract<TokenGrant, { kind: 'refresh_token' }>;

/** Of a token that can be renewed and whose end nobody told: renewed daily rather than used until it fails. */
export const defaultLifeMs = 24 * 60 * 60 * 1000;

/** OAuth 2.0: authorization code and refresh (RFC 6749, sections 4.1 and 6), with PKCE (RFC 7636). */
export const oauth2: ModeTokens = {
  ask(context, grant): Promise<TokenAnswer> {
    if (grant.kind === 'authorization_code') return exchangeCode(context, grant);
    if (grant.kind === 'refresh_token') return refresh(context, grant);
    throw new AppError('token_request_failed', { message: `OAUTH2 has no token for a grant of kind '${grant.kind}'` });
  },
  read(context, grant, answer, receivedAt): TokenOutcome {
    const old = grant.kind === 'refresh_token' && grant.credentials.type === 'OAUTH2' ? grant.credentials : undefined;
    const read = readOAuth2Tokens(context, grant, answer, receivedAt);
    if (read.kind !== 'tokens') return read;
    const credentials: OAuth2Credentials = { ...(old?.config_override ? { config_override: old.config_override } : {}), ...read.tokens, type: 'OAUTH2' };
    return { kind: 'issued', credentials, connectionConfig: read.connectionConfig, grantedScopes: read.grantedScopes };
  },
};

/** Tokens of RFC 6749 in the form of a credential. A refresh that brings no new refresh token keeps the old one. */
export function readOAuth2Tokens(context: ReadContext, grant: TokenGrant, answer: TokenAnswer, receivedAt: Date) {
  const read = readTokens(context.provider, answer, receivedAt, secretsOf(context, grant));
  if (read.kind !== 'tokens') return read;
  const { accessToken, raw, connectionConfig, grantedScopes } = read;
  const refreshToken = read.refreshToken ?? (grant.kind === 'refresh_token' ? grant.credentials.refresh_token : undefined);
  const expiresAt = endOf(context.provider, read, receivedAt, refreshToken === undefined ? undefined : defaultLifeMs);
  const tokens = {
    access_token: accessToken,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(expiresAt ? { expires_at: expiresAt } : {}),
    raw,
  };
  return { kind: 'tokens' as const, tokens, connectionConfig, grantedScopes };
}

/** What must not appear in a reason. */
export function secretsOf({ client }: ReadContext, grant: TokenGrant): (string | undefined)[] {
  const ofClient = [client.secret, client.previousSecret];
  if (grant.kind === 'authorization_code') return [...ofClient, grant.code, grant.codeVerifier];
  if (grant.kind !== 'refresh_token') return ofClient;
  const { access_token, refresh_token, config_override: own } = grant.credentials;
  return [...ofClient, access_token, refresh_token, own?.client_secret];
}

function exchangeCode(context: TokenContext, { code, redirectUri, codeVerifier }: CodeGrant): Promise<TokenAnswer> {
  const { provider, connectionConfig, client } = context;
  const values = { connectionConfig, clientId: client.id, clientSecret: client.secret, code, redirectUri, codeVerifier };
  return callTokenEndpoint(context, {
    url: endpointUrl(provider, tokenUrlOf(provider, 'OAUTH2'), values),
    fields: {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      ...(codeVerifier === undefined ? {} : { code_verifier: codeVerifier }),
      ...fillParams(provider.token_params, values),
    },
    headers: fillHeaders(provider.token_headers, values),
  });
}

function refresh(context: TokenContext, { credentials }: RefreshGrant): Promise<TokenAnswer> {
  const { provider, connectionConfig } = context;
  const client = ownClient(context.client, credentials.config_override);
  const values = { connectionConfig, clientId: client.id, clientSecret: client.secret, refresh_token: credentials.refresh_token, credentials };
  // What the exchange of a code asks for is no refresh, whatever else its parameters say.
  const { grant_type: _, ...tokenParams } = provider.token_params ?? {};
  return callTokenEndpoint(
    { ...context, client },
    {
      url: endpointUrl(provider, provider.refresh_url ?? tokenUrlOf(provider, 'OAUTH2'), values),
      fields: { grant_type: 'refresh_token', refresh_token: credentials.refresh_token, ...fillParams(provider.refresh_params ?? tokenParams, values) },
      headers: fillHeaders(provider.token_headers, values),
    },
  );
}

/** The integration's client, for which the connection's own stands in. A secret of the connection's own has no predecessor. */
export function ownClient(client: TokenContext['client'], own: OAuth2Credentials['config_override']): TokenContext['client'] {
  if (own?.client_id === undefined && own?.client_secret === undefined) return client;
  const { previousSecret, ...rest } = client;
  const secret = own.client_secret ?? client.secret;
  return { ...rest, id: own.client_id ?? client.id, secret, ...(own.client_secret === undefined ? { previousSecret } : {}) };
}
