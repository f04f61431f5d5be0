import { AppError, type McpCredentials } from 'model';
import type { ClientAuthenticationMethod } from '../client-authentication.js';
import { callTokenEndpoint, fillHeaders, fillParams } from '../token-endpoint.js';
import type { McpServer, TokenAnswer, TokenGrant, TokenOutcome } from '../token-request.js';
import type { ModeTokens } from './mode.js';
import { ownClient, readOAuth2Tokens } from './oauth2.js';

type ServerGrant = { server: McpServer; fields: Record<string, unknown>; own: McpCredentials['config_override'] };

const methods: Record<McpServer['token_endpoint_auth_method'], ClientAuthenticationMethod> = {
  none: 'none',
  client_secret_basic: 'basic',
  client_secret_post: 'body',
};

/** OAuth 2.1 of an MCP server: at the authorization server that discovery found, for the resource that the MCP server is (RFC 8707). */
export const mcp: ModeTokens = {
  ask(context, grant): Promise<TokenAnswer> {
    const { server, fields, own } = serverGrant(grant);
    const { provider, connectionConfig } = context;
    const client = ownClient(context.client, own);
    const values = { connectionConfig, clientId: client.id, clientSecret: client.secret };
    const { grant_type: _, ...params } = (grant.kind === 'refresh_token' ? provider.refresh_params : undefined) ?? provider.token_params ?? {};
    return callTokenEndpoint(
      { ...context, client },
      {
        url: server.token_endpoint,
        authentication: methods[server.token_endpoint_auth_method],
        fields: { ...fields, resource: server.resource, ...fillParams(params, values) },
        headers: fillHeaders(provider.token_headers, values),
      },
    );
  },
  read(context, grant, answer, receivedAt): TokenOutcome {
    const { server, own } = serverGrant(grant);
    const read = readOAuth2Tokens(context, grant, answer, receivedAt);
    if (read.kind !== 'tokens') return read;
    const type = grant.kind === 'refresh_token' ? typeOf(grant.credentials.type) : typeOf(context.provider.auth_mode);
    const credentials: McpCredentials = { ...(own ? { config_override: own } : {}), ...read.tokens, type, server };
    return { kind: 'issued', credentials, connectionConfig: read.connectionConfig, grantedScopes: read.grantedScopes };
  },
};

function serverGrant(grant: TokenGrant): ServerGrant {
  if (grant.kind === 'authorization_code' && grant.server) {
    const { code, redirectUri, codeVerifier, server } = grant;
    const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: codeVerifier };
    return { server, fields, own: undefined };
  }
  if (grant.kind === 'refresh_token' && grant.credentials.type !== 'OAUTH2') {
    const { server, refresh_token, config_override: own } = grant.credentials;
    return { server, fields: { grant_type: 'refresh_token', refresh_token }, own };
  }
  throw new AppError('token_request_failed', { message: `An MCP server's token needs its authorization server (grant '${grant.kind}')` });
}

function typeOf(mode: string): McpCredentials['type'] {
  return mode === 'MCP_OAUTH2' ? 'MCP_OAUTH2' : 'MCP_OAUTH2_GENERIC';
}
