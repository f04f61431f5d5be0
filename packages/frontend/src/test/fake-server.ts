import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

interface FlowSession {
  status: 'waiting' | 'redirected' | 'finished';
  result?: Record<string, unknown>;
  socket?: WebSocket;
}

interface SeenRequest {
  method: string;
  path: string;
  query: [string, string][];
  body: unknown;
}

const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
const closingScript = (id: string, result: unknown): string => `<!doctype html><title>Done</title><script>
  new BroadcastChannel('nango-oauth-callback').postMessage(${JSON.stringify({ ws_client_id: id, result })});
  setTimeout(() => window.close(), 100);
</script>`;

/** A server as the browser client sees one: handshake, session poll, credential routes; and, on the same port, the provider's page. */
export class FakeServer {
  readonly sessions = new Map<string, FlowSession>();
  readonly requests: SeenRequest[] = [];
  /** What the credential routes answer. */
  answer: { status: number; body: unknown } = { status: 200, body: { providerConfigKey: 'api', connectionId: 'made' } };
  /** What `GET /connect/config` answers; undefined for a server that has no such route. */
  connectUrl: string | undefined;
  /** Keeps the browser on its way to `/oauth/connect`. */
  holdsConnect = false;
  /** `missing` for a server that has no such route, `broken` for one that fails. */
  sessionRoute: 'works' | 'missing' | 'broken' = 'works';
  /** Header of the provider's page. */
  openerPolicy: string | undefined;
  /** More pages by path, e.g. a product's. */
  readonly pages = new Map<string, { type: string; body: string }>();
  readonly #server: Server;
  readonly #sockets: WebSocketServer;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#sockets = new WebSocketServer({ server: this.#server });
    this.#sockets.on('connection', (socket) => this.#greet(socket));
  }

  static async start(): Promise<FakeServer> {
    const server = new FakeServer();
    await new Promise<void>((resolve) => void server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The same server on another site, as browsers see it. */
  get otherSite(): string {
    return `http://localhost:${this.#port}`;
  }

  get openSockets(): number {
    return this.#sockets.clients.size;
  }

  polls(): number {
    return this.requests.filter(({ path }) => path.startsWith('/oauth/session/')).length;
  }

  dropSockets(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  async close(): Promise<void> {
    this.dropSockets();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port; // a TCP server that listens
  }

  #greet(socket: WebSocket): void {
    const id = randomUUID();
    this.sessions.set(id, { status: 'waiting', socket });
    socket.send(JSON.stringify({ message_type: 'connection_ack', ws_client_id: id }));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://fake');
    if (request.method === 'OPTIONS') return void response.writeHead(204, cors).end();
    this.requests.push({ method: request.method ?? '', path, query: [...searchParams], body: await bodyOf(request) });
    const page = this.pages.get(path);
    if (page) return void response.writeHead(200, { 'content-type': page.type, ...this.#policyOf(path) }).end(page.body);
    if (path.startsWith('/oauth/connect/')) return this.#connect(searchParams, response);
    if (path === '/provider') return this.#provider(searchParams, response);
    if (path === '/oauth/callback') return this.#callback(searchParams, response);
    if (path.startsWith('/oauth/session/')) return this.#session(path.slice('/oauth/session/'.length), response);
    if (path === '/connect/config') return this.connectUrl ? json(response, 200, { connectUrl: this.connectUrl }) : json(response, 404, {});
    return json(response, this.answer.status, this.answer.body);
  }

  #policyOf(path: string): Record<string, string> {
    return path === '/provider' && this.openerPolicy ? { 'cross-origin-opener-policy': this.openerPolicy } : {};
  }

  #connect(query: URLSearchParams, response: ServerResponse): void {
    const id = query.get('ws_client_id') ?? '';
    const session = this.sessions.get(id);
    if (!session) return json(response, 400, {});
    if (this.holdsConnect) return;
    session.status = 'redirected';
    response.writeHead(302, { location: `${this.otherSite}/provider?state=${id}` }).end();
  }

  #provider(query: URLSearchParams, response: ServerResponse): void {
    const link = (result: string): string => `<a href="${this.url}/oauth/callback?state=${query.get('state')}&result=${result}">${result}</a>`;
    const html = `<!doctype html><title>Provider</title>${link('allow')} ${link('deny')}`;
    response.writeHead(200, { 'content-type': 'text/html', ...this.#policyOf('/provider') }).end(html);
  }

  #callback(query: URLSearchParams, response: ServerResponse): void {
    const id = query.get('state') ?? '';
    const session = this.sessions.get(id);
    if (!session) return json(response, 400, {});
    session.status = 'finished';
    session.result =
      query.get('result') === 'allow'
        ? { message_type: 'success', provider_config_key: 'tracker', connection_id: `of-${id}`, is_pending: false }
        : { message_type: 'error', provider_config_key: 'tracker', connection_id: '', error_type: 'callback_err', error_desc: 'access_denied' };
    session.socket?.send(JSON.stringify(session.result), () => session.socket?.close());
    response.writeHead(200, { 'content-type': 'text/html' }).end(closingScript(id, session.result));
  }

  #session(id: string, response: ServerResponse): void {
    const session = this.sessions.get(id);
    if (this.sessionRoute === 'broken') return json(response, 500, {});
    if (!session || this.sessionRoute === 'missing') return json(response, 404, {});
    return json(response, 200, { status: session.status, result: session.result });
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set on the stream
  const text = Buffer.concat(chunks).toString();
  return text ? JSON.parse(text) : undefined;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', ...cors }).end(JSON.stringify(body));
}
