import { describe, expect, it } from 'vitest';
import { discoverMcpServer } from './mcp-discovery.js';
import { findMcpServer, registerMcpClient } from './mcp-registration.js';
import { aContext, aProvider } from './test/context.js';
import type { TokenHttpRequest, TokenHttpResponse } from './token-request.js';

const mcpUrl = 'https://mcp.example/v1/mcp';
const prm = 'https://mcp.example/.well-known/oauth-protected-resource/v1/mcp';
const asMetadata = 'https://as.example/.well-known/oauth-authorization-server/tenant';
const server = {
  issuer: 'https://as.example/tenant',
  authorization_endpoint: 'https://as.example/authorize',
  token_endpoint: 'https://as.example/token',
  registration_endpoint: 'https://as.example/register',
  revocation_endpoint: 'https://as.example/revoke',
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
};
const resource = { resource: mcpUrl, authorization_servers: [server.issuer], scopes_supported: ['read'] };

/** A web of JSON documents by address; anything else is not found. */
function aWeb(pages: Record<string, unknown>) {
  const seen: TokenHttpRequest[] = [];
  const send = (request: TokenHttpRequest): Promise<TokenHttpResponse> => {
    seen.push(request);
    const page = pages[request.url];
    const [status, body, headers = {}] = (Array.isArray(page) ? page : page === undefined ? [404, ''] : [200, page]) as [number, unknown, object?];
    return Promise.resolve({ status, headers: { 'content-type': 'text/plain', ...headers }, text: typeof body === 'string' ? body : JSON.stringify(body) });
  };
  return { seen, send };
}

const found = {
  server: {
    issuer: server.issuer,
    token_endpoint: server.token_endpoint,
    revocation_endpoint: server.revocation_endpoint,
    token_endpoint_auth_method: 'none',
    resource: mcpUrl,
  },
  authorizationEndpoint: server.authorization_endpoint,
  registrationEndpoint: server.registration_endpoint,
  acceptsMetadataDocument: false,
  scopes: ['read'],
  sendsIssuer: true,
};

describe('the authorization server of an MCP server', () => {
  it('is named by the metadata of the resource at its well-known address', async () => {
    expect(await discoverMcpServer(aWeb({ [prm]: resource, [asMetadata]: server }).send, mcpUrl)).toEqual(found);
  });

  it('is named by the metadata that a refusal points to', async () => {
    const challenge = { 'www-authenticate': 'Bearer resource_metadata="https://mcp.example/meta", error="invalid_token"' };
    const web = aWeb({ [mcpUrl]: [401, '', challenge], 'https://mcp.example/meta': resource, [asMetadata]: server });
    expect(await discoverMcpServer(web.send, mcpUrl)).toEqual(found);
  });

  it('may stand for the whole host, and describe itself as OpenID Connect does', async () => {
    const whole = { ...resource, resource: 'https://mcp.example' };
    const pages = { 'https://mcp.example/.well-known/oauth-protected-resource': whole, [`${server.issuer}/.well-known/openid-configuration`]: server };
    expect(await discoverMcpServer(aWeb(pages).send, mcpUrl)).toMatchObject({ server: { resource: 'https://mcp.example' }, sendsIssuer: true });
  });

  it('is the MCP server itself where that describes no resource', async () => {
    const own = { ...server, issuer: 'https://mcp.example' };
    const web = aWeb({ 'https://mcp.example/.well-known/oauth-authorization-server': own });
    expect(await discoverMcpServer(web.send, mcpUrl)).toMatchObject({ server: { issuer: 'https://mcp.example', resource: mcpUrl } });
  });

  it.each([
    ['describes another resource', { [prm]: { ...resource, resource: 'https://victim.example/mcp' }, [asMetadata]: server }, /another resource/],
    [
      'names a server that describes another issuer',
      { [prm]: resource, [asMetadata]: { ...server, issuer: 'https://other.example' } },
      /does not describe itself/,
    ],
    ['names a server without PKCE', { [prm]: resource, [asMetadata]: { ...server, code_challenge_methods_supported: ['plain'] } }, /PKCE/],
    ['names endpoints that are no web addresses', { [prm]: resource, [asMetadata]: { ...server, authorization_endpoint: 'javascript:1' } }, /no web addresses/],
    ['names none', {}, /no authorization server/],
  ])('is refused when it %s', async (_, pages, message) => {
    await expect(discoverMcpServer(aWeb(pages).send, mcpUrl)).rejects.toMatchObject({ code: 'token_request_failed', message: expect.stringMatching(message) });
  });

  it('is what the entry says where it names endpoints', async () => {
    const entry = {
      auth_mode: 'MCP_OAUTH2' as const,
      authorization_url: 'https://as.example/a',
      registration_url: 'https://as.example/r',
      proxy: { base_url: mcpUrl },
    };
    const web = aWeb({});
    expect(await findMcpServer(aContext(entry, web.send))).toMatchObject({
      server: { issuer: 'https://as.example', token_endpoint: 'https://as.example/token', resource: mcpUrl },
      registrationEndpoint: 'https://as.example/r',
    });
    expect(web.seen).toEqual([]);
  });
});

describe('a client of an MCP server', () => {
  const metadata = { redirectUri: 'https://us.example/cb', clientName: 'Us', documentUrl: 'https://us.example/client.json' };
  const discovery = { ...found, server: { ...found.server, token_endpoint_auth_method: 'none' as const } };
  const generic = { auth_mode: 'MCP_OAUTH2_GENERIC' as const, registration_params: { software_id: 'us' } };

  it('is registered, with what the entry adds', async () => {
    const web = aWeb({ [server.registration_endpoint]: [200, { client_id: 'c', client_secret: 's' }] });
    expect(await registerMcpClient(aContext(generic, web.send), discovery, metadata)).toEqual({
      client_id: 'c',
      client_secret: 's',
      method: 'client_secret_basic',
    });
    expect(JSON.parse(web.seen[0]?.body ?? '')).toMatchObject({ redirect_uris: ['https://us.example/cb'], client_name: 'Us', software_id: 'us' });
  });

  it('is the metadata document where the server takes one', async () => {
    const web = aWeb({});
    const accepting = { ...discovery, acceptsMetadataDocument: true };
    expect(await registerMcpClient(aContext(generic, web.send), accepting, metadata)).toEqual({ client_id: metadata.documentUrl, method: 'none' });
    expect(web.seen).toEqual([]);
  });

  it('is refused in the server’s words, or where it registers nobody', async () => {
    const web = aWeb({
      [server.registration_endpoint]: [400, { error: 'invalid_redirect_uri', error_description: 'no' }, { 'content-type': 'application/json' }],
    });
    const refused = registerMcpClient(aContext(generic, web.send), discovery, metadata);
    await expect(refused).rejects.toMatchObject({ code: 'token_request_failed', message: expect.stringContaining('invalid_redirect_uri') });
    const closed = registerMcpClient({ ...aContext(generic, web.send), provider: aProvider() }, { ...discovery, registrationEndpoint: undefined }, metadata);
    await expect(closed).rejects.toMatchObject({ message: expect.stringContaining('registers no clients') });
  });
});
