import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyOf } from './http-peer.js';

/** An OAuth 2 provider whose users consent at once, with an API that takes its newest token. Refresh tokens work once. */
export class AuthorizationServer {
  /** Client secrets that it takes. */
  secrets = ['first-secret'];
  /** Answers every token request with this error while it is set. */
  refusal: string | undefined;
  tokenCalls = 0;
  #issued = 0;
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<AuthorizationServer> {
    const provider = new AuthorizationServer();
    await new Promise<void>((resolve) => void provider.#server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // listens on TCP
  }

  /** What an integration of `private-api-oauth2` says of it. */
  get integrationConfig(): Record<string, string> {
    return { baseUrl: this.url, authorizationUrl: `${this.url}/authorize`, tokenUrl: `${this.url}/token` };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    if (url.pathname === '/authorize') return void response.writeHead(302, { location: backFrom(url) }).end();
    const { status, body } = url.pathname === '/token' ? this.#token(new URLSearchParams(String(await bodyOf(request)))) : this.#api(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #token(fields: URLSearchParams): { status: number; body: object } {
    this.tokenCalls++;
    if (!this.secrets.includes(fields.get('client_secret') ?? '')) return { status: 401, body: { error: 'invalid_client' } };
    const isStale = fields.get('grant_type') === 'refresh_token' && fields.get('refresh_token') !== `refresh-${this.#issued}`;
    const error = this.refusal ?? (isStale ? 'invalid_grant' : undefined);
    if (error) return { status: 400, body: { error } };
    this.#issued++;
    return { status: 200, body: { access_token: `access-${this.#issued}`, refresh_token: `refresh-${this.#issued}`, expires_in: 3600 } };
  }

  #api({ headers }: IncomingMessage): { status: number; body: object } {
    const isNewest = headers.authorization === `Bearer access-${this.#issued}`;
    return { status: isNewest ? 200 : 401, body: { token: this.#issued } };
  }
}

function backFrom(asked: URL): string {
  const back = new URL(asked.searchParams.get('redirect_uri') ?? '');
  back.searchParams.set('code', 'code');
  back.searchParams.set('state', asked.searchParams.get('state') ?? '');
  return back.href;
}
