import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { ClientMetadata, Provider as OidcProvider } from 'oidc-provider';
import { answerInteraction } from './consent-page.js';
import { type Lifetimes, oidcProvider, testClients } from './oidc-configuration.js';

/** How an authorization server is started. */
export type AuthorizationServerOptions = {
  /** Where its clients may send browsers back to. */
  redirectUris?: string[];
  /** More clients beside the usual ones (`basic`, `body`, `public`, `key`). */
  clients?: ClientMetadata[];
  lifetimes?: Partial<Lifetimes>;
};

/** A request that reached one of its endpoints; `body` is the form's text. */
export type SeenByServer = { path: string; method: string; headers: IncomingMessage['headers']; query: URLSearchParams; body: string };

/**
 * A certified authorization server in this process, as strict as they come: PKCE is required, a used refresh token revokes its grant, answers
 * carry `iss`, clients can be found and registered. It logs its one user in by itself and shows a consent page with links `allow` and `deny`.
 * `/api/me` is an API that takes its tokens; `/mcp` is an MCP server that it protects.
 */
export class AuthorizationServer {
  readonly seen: SeenByServer[] = [];
  /** How long the token endpoint waits before it answers. */
  tokenDelayMs = 0;
  /** The only scopes that its user grants; undefined grants all that are asked for. */
  grantsOnly: string[] | undefined;

  private constructor(
    readonly url: string,
    private readonly server: Server,
    private readonly provider: OidcProvider,
  ) {}

  static async start({
    redirectUris = ['http://127.0.0.1:1/callback'],
    clients = [],
    lifetimes = {},
  }: AuthorizationServerOptions = {}): Promise<AuthorizationServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
    const provider = oidcProvider(url, [...testClients(redirectUris), ...clients], lifetimes);
    const started = new AuthorizationServer(url, server, provider);
    const answer = provider.callback();
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      started.answer(request, response, answer).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
    });
    return started;
  }

  /** How often an endpoint was asked: `/token`, `/token/revocation`, `/reg`, `/auth`, `/api/me`. */
  calls(path: string): number {
    return this.seen.filter((request) => request.path === path).length;
  }

  /** What an integration of `private-api-oauth2` needs to know of it. */
  integrationConfig(more: Record<string, string> = {}): Record<string, string> {
    const { url } = this;
    const endpoints = { authorizationUrl: `${url}/auth`, tokenUrl: `${url}/token`, revocationUrl: `${url}/token/revocation` };
    return { baseUrl: url, ...endpoints, issuer: url, defaultScope: 'read', ...more };
  }

  /** Takes back everything that was granted: what a user does who removes the app from their account. */
  async revokeGrantOf(accessToken: string): Promise<void> {
    const token = await this.provider.AccessToken.find(accessToken);
    if (!token?.grantId) throw new Error('no such access token');
    const grant = await this.provider.Grant.find(token.grantId);
    await grant?.destroy();
    await this.provider.RefreshToken.revokeByGrantId(token.grantId);
    await this.provider.AccessToken.revokeByGrantId(token.grantId);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse, oidc: ReturnType<OidcProvider['callback']>): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    const chunks: Buffer[] = [];
    if (request.method === 'POST') for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    this.seen.push({ path: pathname, method: request.method ?? '', headers: request.headers, query: searchParams, body });
    // The library takes a body that was read already from here, and says so once.
    if (body !== '') Object.assign(request, { body: pathname === '/reg' ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body)) });
    if (pathname === '/token' && this.tokenDelayMs > 0) await wait(this.tokenDelayMs);
    if (pathname.startsWith('/interaction/')) return answerInteraction(this.provider, this.grantsOnly, request, response);
    if (pathname === '/api/me') return this.me(request, response);
    if (pathname === '/mcp') return this.mcp(request, response);
    if (pathname === '/.well-known/oauth-protected-resource/mcp')
      return json(response, 200, { resource: `${this.url}/mcp`, authorization_servers: [this.url], scopes_supported: ['read'] });
    await oidc(request, response);
  }

  private async me(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = await this.tokenOf(request);
    if (!token) return json(response, 401, { error: 'invalid_token' });
    json(response, 200, { sub: token.accountId ?? token.clientId, scope: token.scope });
  }

  private async mcp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = await this.tokenOf(request);
    if (token && [token.aud].flat().includes(`${this.url}/mcp`)) return json(response, 200, { jsonrpc: '2.0', id: 1, result: { sub: token.accountId } });
    response.setHeader('www-authenticate', `Bearer resource_metadata="${this.url}/.well-known/oauth-protected-resource/mcp"`);
    json(response, 401, { error: 'invalid_token' });
  }

  private async tokenOf({
    headers,
  }: IncomingMessage): Promise<{ accountId?: string; clientId?: string | undefined; scope?: string | undefined; aud?: unknown } | undefined> {
    const [, value = ''] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
    if (value === '') return undefined;
    return (await this.provider.AccessToken.find(value)) ?? (await this.provider.ClientCredentials.find(value));
  }
}

/** Starts an {@link AuthorizationServer}; `close` it afterwards. */
export function anAuthorizationServer(options: AuthorizationServerOptions = {}): Promise<AuthorizationServer> {
  return AuthorizationServer.start(options);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
