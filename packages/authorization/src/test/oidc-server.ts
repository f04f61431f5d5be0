import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider as OidcProvider, type ClientMetadata } from 'oidc-provider';
import type { TokenHttpRequest, TokenHttpResponse } from '../token-request.js';

/** A certified authorization server that rotates strictly: a refresh token presented twice revokes its grant. Its user consents to everything. */
export class OidcServer {
  /** Requests to its token endpoint. */
  tokenCalls = 0;

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(clients: ClientMetadata[] = []): Promise<OidcServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
    const provider = aProvider(url, clients);
    const started = new OidcServer(url, server);
    const answer = provider.callback();
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.url?.startsWith('/token')) started.tokenCalls++;
      if (request.url === '/mcp') return void describeResource(url, response);
      if (request.url === '/.well-known/oauth-protected-resource/mcp') return void response.end(JSON.stringify(resourceOf(url)));
      if (request.url?.startsWith('/interaction/')) return void consent(provider, request, response);
      void answer(request, response);
    });
    return started;
  }

  /** Walks through the pages as a browser does, up to the redirect to us. */
  async authorize(authorizationUrl: string): Promise<URLSearchParams> {
    const cookies = new Map<string, string>();
    for (let url = authorizationUrl; ;) {
      const response = await fetch(url, { redirect: 'manual', headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') } });
      for (const cookie of response.headers.getSetCookie()) cookies.set(...(cookie.split(';', 1)[0]?.split('=', 2) as [string, string])); // a name and a value
      const location = response.headers.get('location');
      if (location === null) throw new Error(`no redirect but ${response.status}: ${await response.text()}`);
      url = new URL(location, url).href;
      if (!url.startsWith(this.url)) return new URL(url).searchParams;
    }
  }

  /** Over real HTTP, without a guard. */
  async send({ url, method, headers, body }: TokenHttpRequest): Promise<TokenHttpResponse> {
    const response = await fetch(url, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) });
    return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

function aProvider(url: string, clients: ClientMetadata[]): OidcProvider {
  return new OidcProvider(url, {
    clients,
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    scopes: ['openid', 'offline_access', 'read'],
    rotateRefreshToken: true,
    issueRefreshToken: () => Promise.resolve(true),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) => Promise.resolve({ accountId: id, claims: () => ({ sub: id }) }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      registration: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: 'read', audience: `${url}/mcp`, accessTokenFormat: 'opaque' }),
      },
    },
  });
}

/** Logs the one user in, then grants what is asked for. */
async function consent(provider: OidcProvider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, grantId, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: 'user' } });
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = existing ?? new provider.Grant({ accountId: session?.accountId ?? 'user', clientId: String(params['client_id']) });
  grant.addOIDCScope(String(params['scope'] ?? 'openid'));
  if (params['resource'] !== undefined) grant.addResourceScope(String(params['resource']), 'read');
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

function describeResource(url: string, response: ServerResponse): void {
  response.writeHead(401, { 'www-authenticate': `Bearer resource_metadata="${url}/.well-known/oauth-protected-resource/mcp"` }).end();
}

function resourceOf(url: string): object {
  return { resource: `${url}/mcp`, authorization_servers: [url], scopes_supported: ['read'] };
}
