import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asJson, type EvilAnswer, type EvilRequest, tokens } from './evil-answers.js';

/** What an evil authorization endpoint does to the parameters that it sends back; undefined leaves one out. */
export type Answered = Record<string, string | undefined>;

/**
 * An authorization server and API that answers as its test tells it, and remembers everything it was asked. Untold it behaves: it sends browsers
 * straight back with a code, gives tokens for it, and describes itself.
 */
export class EvilServer {
  readonly seen: EvilRequest[] = [];
  /** Overrides of the metadata document (RFC 8414). */
  metadata: Record<string, unknown> = {};
  /** Overrides of what the authorization endpoint sends back: another server's code, state or issuer. */
  answered: (query: URLSearchParams) => Answered = () => ({});
  private readonly answers = new Map<string, EvilAnswer[]>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<EvilServer> {
    const server = createServer((request, response) => void evil.take(request, response));
    const evil = new EvilServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return evil;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; // it listens on TCP
  }

  /** How a path is answered from now on, request by request; the last answer stays. */
  answer(path: string, ...answers: EvilAnswer[]): void {
    this.answers.set(path, answers);
  }

  /** Forgets what it was told and asked. */
  behave(): void {
    this.answers.clear();
    this.seen.length = 0;
    this.metadata = {};
    this.answered = () => ({});
  }

  calls(path: string): EvilRequest[] {
    return this.seen.filter((request) => request.path === path);
  }

  /** Whether anything that it was sent holds this text, as it is or encoded. */
  knows(secret: string): boolean {
    const text = JSON.stringify(this.seen.map(({ query, ...request }) => ({ ...request, query: String(query) })));
    const forms = [secret, encodeURIComponent(secret), new URLSearchParams({ '': secret }).toString().slice(1), Buffer.from(secret).toString('base64')];
    return forms.some((form) => text.includes(form));
  }

  /** What an integration of `private-api-oauth2` needs to know of it. */
  integrationConfig(more: Record<string, string> = {}): Record<string, string> {
    return { baseUrl: this.url, authorizationUrl: `${this.url}/authorize`, tokenUrl: `${this.url}/token`, revocationUrl: `${this.url}/revoke`, ...more };
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch {
      return; // the other side went away
    }
    const { method = '', headers } = request;
    const seen = { method, path: pathname, query: searchParams, headers, body: Buffer.concat(chunks).toString() };
    this.seen.push(seen);
    const told = this.answers.get(pathname);
    const answer = (told && told.length > 1 ? told.shift() : told?.[0]) ?? this.usual(pathname);
    answer(seen, response);
  }

  private usual(path: string): EvilAnswer {
    if (path === '/authorize') return (request, response) => this.sendBack(request, response);
    if (path === '/token') return tokens({ refresh_token: 'evil-refresh-token', expires_in: 3600 });
    if (path === '/revoke') return asJson(200, {});
    if (path === '/register') return asJson(201, { client_id: 'evil-client', token_endpoint_auth_method: 'none' });
    if (path === '/.well-known/oauth-protected-resource/mcp') return asJson(200, { resource: `${this.url}/mcp`, authorization_servers: [this.url] });
    if (path === '/.well-known/oauth-authorization-server') return asJson(200, { ...this.described(), ...this.metadata });
    if (path === '/mcp') return asJson(401, {}, { 'www-authenticate': `Bearer resource_metadata="${this.url}/.well-known/oauth-protected-resource/mcp"` });
    return (request, response) => asJson(200, { path: request.path, authorization: request.headers.authorization ?? null })(request, response);
  }

  private described(): Record<string, unknown> {
    const { url } = this;
    const endpoints = { authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token`, registration_endpoint: `${url}/register` };
    const methods = ['none', 'client_secret_basic'];
    return {
      issuer: url,
      ...endpoints,
      revocation_endpoint: `${url}/revoke`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: methods,
    };
  }

  private sendBack({ query }: EvilRequest, response: ServerResponse): void {
    const back = new URL(query.get('redirect_uri') ?? '');
    const answered: Answered = { code: 'evil-code', state: query.get('state') ?? undefined, ...this.answered(query) };
    for (const [name, value] of Object.entries(answered)) if (value !== undefined) back.searchParams.set(name, value);
    response.writeHead(302, { location: back.href }).end();
  }
}

/** Starts an {@link EvilServer}; `close` it afterwards. */
export function anEvilServer(): Promise<EvilServer> {
  return EvilServer.start();
}
