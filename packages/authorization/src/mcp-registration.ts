import { AppError, type McpAuthorizationServer } from 'model';
import * as oauth from 'oauth4webapi';
import { buildUrl, type Provider, tokenUrlOf } from 'providers';
import { discoverMcpServer, type McpDiscovery, optionsFor } from './mcp-discovery.js';
import { isFields, textOf } from './dotted-path.js';
import { fillParams } from './token-endpoint.js';
import type { SendTokenRequest, TokenContext } from './token-request.js';

/** A client at an authorization server, and how it proves itself there. */
export type RegisteredClient = {
  client_id: string;
  client_secret?: string;
  /** After which the secret is refused and the client has to be registered again. */
  secretExpiresAt?: Date;
  method: McpAuthorizationServer['token_endpoint_auth_method'];
};

/** What a registration says of the client. */
export type ClientMetadata = {
  redirectUri: string;
  clientName: string;
  scopes?: readonly string[] | undefined;
  /** The address of the metadata document, for servers that take it as a client id. */
  documentUrl?: string | undefined;
};

/**
 * The authorization server of a connection's MCP server: from the entry where it names endpoints, else by discovery at
 * `connectionConfig.mcp_server_url` or the entry's base URL.
 *
 * @throws AppError `token_request_failed`, `missing_api_url`; what `send` throws
 */
export async function findMcpServer({ provider, connectionConfig, send }: Pick<TokenContext, 'provider' | 'connectionConfig' | 'send'>): Promise<McpDiscovery> {
  const url = mcpUrlOf(provider, connectionConfig);
  return ofEntry(provider, connectionConfig, url) ?? discoverMcpServer(send, url);
}

/**
 * A client at that server: the metadata document where the server takes one, else one that is registered now (RFC 7591).
 *
 * @throws AppError `token_request_failed` when the server offers neither, or refuses
 */
export async function registerMcpClient(
  context: Pick<TokenContext, 'provider' | 'connectionConfig' | 'send'>,
  discovery: McpDiscovery,
  metadata: ClientMetadata,
): Promise<RegisteredClient> {
  const { provider, send } = context;
  const { documentUrl } = metadata;
  const takesDocument =
    provider.client_registration === 'metadata_document' || (discovery.acceptsMetadataDocument && provider.client_registration !== 'dynamic');
  // A server reads the document over https alone.
  if (takesDocument && documentUrl?.startsWith('https://')) return { client_id: documentUrl, method: 'none' };
  if (discovery.registrationEndpoint === undefined)
    throw new AppError('token_request_failed', { message: `${discovery.server.issuer} registers no clients: set a client id and secret in the integration` });
  return register(send, discovery, {
    ...clientMetadata(metadata),
    ...(fillParams(provider.registration_params, context) as Record<string, oauth.JsonValue>), // JSON in the catalogue
  });
}

/** What is registered, and what the metadata document says. */
export function clientMetadata({ redirectUri, clientName, scopes }: ClientMetadata): Record<string, oauth.JsonValue> {
  return {
    client_name: clientName,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    ...(scopes && scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
  };
}

async function register(
  send: SendTokenRequest,
  { server, registrationEndpoint }: McpDiscovery,
  metadata: Record<string, oauth.JsonValue>,
): Promise<RegisteredClient> {
  const as = { issuer: server.issuer, registration_endpoint: registrationEndpoint ?? '' };
  try {
    const response = await oauth.dynamicClientRegistrationRequest(as, metadata, optionsFor(send, new URL(server.token_endpoint)));
    return toClient(await oauth.processDynamicClientRegistrationResponse(await conform(response)));
  } catch (cause) {
    if (!(cause instanceof oauth.ResponseBodyError || cause instanceof oauth.OperationProcessingError)) throw cause;
    const said = cause instanceof oauth.ResponseBodyError ? `${cause.error} ${cause.error_description ?? ''}`.trim() : cause.message;
    throw new AppError('token_request_failed', { message: `${server.issuer} did not register a client (${said.slice(0, 300)})`, cause });
  }
}

/** The RFC asks for status 201 and, with a secret, for its end; servers that answer 200 and name none are many. */
async function conform(response: Response): Promise<Response> {
  const body: unknown =
    response.status === 200 || response.status === 201
      ? await response
          .clone()
          .json()
          .catch(() => undefined)
      : undefined;
  if (!isFields(body)) return response;
  const whole = body['client_secret'] === undefined ? body : { client_secret_expires_at: 0, ...body };
  return new Response(JSON.stringify(whole), { status: 201, headers: { 'content-type': 'application/json' } });
}

function toClient(client: oauth.OmitSymbolProperties<oauth.Client>): RegisteredClient {
  const secret = textOf(client.client_secret);
  const end = client['client_secret_expires_at'];
  return {
    client_id: client.client_id,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...(secret !== undefined && typeof end === 'number' && end > 0 ? { secretExpiresAt: new Date(end * 1000) } : {}),
    method: methodOf(client, secret),
  };
}

function methodOf({ token_endpoint_auth_method: method }: Partial<oauth.Client>, secret: string | undefined): RegisteredClient['method'] {
  if (secret === undefined || method === 'none') return 'none';
  return method === 'client_secret_post' ? 'client_secret_post' : 'client_secret_basic';
}

function mcpUrlOf(provider: Provider, connectionConfig: Record<string, unknown>): string {
  const built = buildUrl(provider.auth_mode === 'MCP_OAUTH2' ? (provider.proxy?.base_url ?? '') : '${connectionConfig.mcp_server_url}', { connectionConfig });
  if (built.kind === 'known' && URL.canParse(built.url)) return built.url;
  throw new AppError('missing_api_url', { message: `The address of the MCP server of '${provider.name}' cannot be built for this connection` });
}

function ofEntry(provider: Provider, connectionConfig: Record<string, unknown>, resource: string): McpDiscovery | undefined {
  const template = tokenUrlOf(provider, 'OAUTH2');
  if (provider.authorization_url === undefined || template === undefined) return undefined;
  const known = (url: string | undefined): string | undefined => {
    const built = url === undefined ? undefined : buildUrl(url, { connectionConfig });
    return built?.kind === 'known' ? built.url : undefined;
  };
  const [authorizationEndpoint, tokenEndpoint, revocation] = [known(provider.authorization_url), known(template), known(provider.revocation_url)];
  if (authorizationEndpoint === undefined || tokenEndpoint === undefined) return undefined;
  return {
    server: {
      issuer: provider.issuer ?? new URL(authorizationEndpoint).origin,
      token_endpoint: tokenEndpoint,
      ...(revocation === undefined ? {} : { revocation_endpoint: revocation }),
      token_endpoint_auth_method: 'none',
      resource,
    },
    authorizationEndpoint,
    registrationEndpoint: known(provider.registration_url),
    acceptsMetadataDocument: provider.client_registration === 'metadata_document',
    scopes: provider.default_scopes ?? [],
    sendsIssuer: provider.requires_iss ?? false,
  };
}
