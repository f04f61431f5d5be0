import { AppError, type McpAuthorizationServer } from 'model';
import * as oauth from 'oauth4webapi';
import { isFields } from './dotted-path.js';
import { fetchThrough } from './fetch-through.js';
import type { SendTokenRequest } from './token-request.js';

/** An MCP server's authorization server: where to send the browser, where tokens come from, and what the callback has to check. */
export type McpDiscovery = {
  server: McpAuthorizationServer;
  authorizationEndpoint: string;
  registrationEndpoint?: string | undefined;
  /** Whether a client id may be the address of a metadata document. */
  acceptsMetadataDocument: boolean;
  /** Those that the MCP server names for its use. */
  scopes: string[];
  /** Whether the server's answers carry `iss`, which then must be right (RFC 9207). */
  sendsIssuer: boolean;
};

type Resource = { resource: string; issuers: string[]; scopes: string[] };

/**
 * Finds the authorization server of an MCP server: by the metadata of the protected resource (RFC 9728), which a refusal names or which
 * stands at its well-known address, then by the server's own metadata (RFC 8414 or OpenID Connect). A server without the former is
 * taken for its own authorization server.
 *
 * @throws AppError `token_request_failed` when none is found, or what it says of itself is not about itself; what `send` throws
 */
export async function discoverMcpServer(send: SendTokenRequest, mcpUrl: string): Promise<McpDiscovery> {
  const url = new URL(mcpUrl);
  const options = optionsFor(send, url);
  const found = await findResource(send, url, options);
  const resource = found ?? { resource: url.href.replace(/\/$/, ''), issuers: [url.origin], scopes: [] };
  const metadata = await findServer(new URL(resource.issuers[0] ?? url.origin), options);
  return toDiscovery(metadata ?? refuse(`${mcpUrl} names no authorization server whose metadata can be read`), resource);
}

/** What `[customFetch]` needs. Plain http is let through for a server that is itself at http, where the egress guard allows it. */
export function optionsFor(send: SendTokenRequest, { protocol }: URL) {
  return { [oauth.customFetch]: fetchThrough(send), [oauth.allowInsecureRequests]: protocol === 'http:' };
}

type Options = ReturnType<typeof optionsFor>;

async function findResource(send: SendTokenRequest, url: URL, options: Options): Promise<Resource | undefined> {
  const named = await resourceMetadataUrl(send, url);
  const fetched =
    named === undefined ? undefined : await read(() => options[oauth.customFetch](named, { method: 'GET', headers: { accept: 'application/json' } }));
  if (fetched) return toResource(fetched, url);
  // At the path first, then for the whole host.
  for (const address of new Set([url.href, `${url.origin}/`])) {
    const metadata = await read(() => oauth.resourceDiscoveryRequest(new URL(address), options));
    if (metadata) return toResource(metadata, url);
  }
  return undefined;
}

/** The address in the `WWW-Authenticate` header of a request without a token (RFC 9728, section 5.1). What stands there is checked later. */
async function resourceMetadataUrl(send: SendTokenRequest, url: URL): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', 'user-agent': 'nango' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'nango', version: '1' } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  const { status, headers: answered } = await send({ url: url.href, method: 'POST', headers, body });
  const named = status === 401 ? /resource_metadata="?([^",\s]+)"?/i.exec(answered['www-authenticate'] ?? '')?.[1] : undefined;
  return named !== undefined && isWebAddress(named) ? named : undefined;
}

/** A resource that is not the server that was asked would have the token made out for somebody else (RFC 9728, section 3.3). */
function toResource(metadata: Record<string, unknown>, url: URL): Resource {
  const { resource, authorization_servers: issuers, scopes_supported: scopes } = metadata;
  if (typeof resource !== 'string' || !isWithin(url, resource)) return refuse(`${url.href} describes another resource than itself`);
  return { resource, issuers: textsOf(issuers).filter((issuer) => URL.canParse(issuer)), scopes: textsOf(scopes) };
}

function isWithin(url: URL, resource: string): boolean {
  if (!URL.canParse(resource)) return false;
  const { origin, pathname } = new URL(resource);
  const path = pathname.replace(/\/$/, '');
  return origin === url.origin && (url.pathname === path || url.pathname.startsWith(`${path}/`));
}

async function findServer(issuer: URL, options: Options): Promise<oauth.AuthorizationServer | undefined> {
  for (const algorithm of ['oauth2', 'oidc'] as const) {
    const response = await oauth.discoveryRequest(issuer, { ...options, algorithm });
    if (response.status !== 200) continue;
    return oauth
      .processDiscoveryResponse(issuer, response)
      .catch((cause: unknown) => refuse(`The authorization server ${issuer.href} does not describe itself`, cause));
  }
  return undefined;
}

function toDiscovery(metadata: oauth.AuthorizationServer, { resource, scopes }: Resource): McpDiscovery {
  const { issuer, authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint } = metadata;
  if (authorizationEndpoint === undefined || tokenEndpoint === undefined) return refuse(`${issuer} names no authorization and token endpoint`);
  if (![authorizationEndpoint, tokenEndpoint].every(isWebAddress)) return refuse(`${issuer} names endpoints that are no web addresses`);
  if (metadata.code_challenge_methods_supported && !metadata.code_challenge_methods_supported.includes('S256'))
    return refuse(`${issuer} does not support PKCE with S256`);
  return {
    server: {
      issuer,
      token_endpoint: tokenEndpoint,
      ...(metadata.revocation_endpoint === undefined ? {} : { revocation_endpoint: metadata.revocation_endpoint }),
      token_endpoint_auth_method: 'none',
      resource,
    },
    authorizationEndpoint,
    registrationEndpoint: metadata.registration_endpoint,
    acceptsMetadataDocument: metadata['client_id_metadata_document_supported'] === true,
    scopes,
    sendsIssuer: metadata.authorization_response_iss_parameter_supported === true,
  };
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

async function read(request: () => Promise<Response>): Promise<Record<string, unknown> | undefined> {
  const response = await request();
  const body: unknown = response.status === 200 ? await response.json().catch(() => undefined) : undefined;
  return isFields(body) ? body : undefined;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function refuse(message: string, cause?: unknown): never {
  throw new AppError('token_request_failed', { message, cause });
}
