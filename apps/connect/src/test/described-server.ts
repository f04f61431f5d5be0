import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { ConnectProvider, ConnectSession } from 'model/connect';
import type { BrowserContext, Route, WebSocketRoute } from 'playwright-core';

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const page = 'http://connect.test';
const api = 'http://api.test';
const logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" rx="2" fill="#64748b"/></svg>';

/** One provider, which is also the integration's key. */
export type Described = ConnectProvider & { hasBrokenLogo?: boolean };

/**
 * The built page, and the server's side of the protocol (surface 5.1, 5.3, 7.2) as a test describes it: for screens that the real server
 * shows only when a provider does something, and for the bytes that the page sends. Flows with the real server are in `connect.it.test.ts`.
 */
export class DescribedServer {
  session: Partial<ConnectSession> = {};
  providers: Described[] = [];
  /** What a route that makes a connection answers; asked for once the request has come. */
  answer: () => Promise<{ status: number; body: object }> = async () => ({ status: 200, body: { providerConfigKey: 'made', connectionId: 'c1' } });
  /** Written into the page, as the process that serves it does. */
  injectedApiUrl: string | undefined;
  /** Requests that make a connection: path, query and body. */
  readonly requests: { path: string; query: Record<string, string>; body: unknown }[] = [];
  readonly #sockets: WebSocketRoute[] = [];

  /** Answers everything that pages of this browser ask of the two origins. */
  async serve(context: BrowserContext): Promise<void> {
    await context.route(`${page}/**`, (route) => this.#servePage(route));
    await context.route(`${api}/**`, (route) => this.#serveApi(route));
    await context.routeWebSocket(/^ws:\/\/api\.test/, (socket) => {
      this.#sockets.push(socket);
      socket.send(JSON.stringify({ message_type: 'connection_ack', ws_client_id: crypto.randomUUID() }));
    });
  }

  /** The page's address; `query` is added to it. */
  url(query: Record<string, string> = {}): string {
    return `${page}/?${new URLSearchParams({ session_token: 'a-token', apiURL: api, ...query })}`;
  }

  /** Ends the newest popup flow, as the callback does. */
  finish(message: object): void {
    this.#sockets.at(-1)?.send(JSON.stringify({ provider_config_key: 'made', connection_id: 'c1', ...message }));
  }

  async #servePage(route: Route): Promise<void> {
    const { pathname } = new URL(route.request().url());
    const file = pathname === '/' ? '/index.html' : pathname;
    const body = await readFile(join(import.meta.dirname, '../../dist', file)).catch(() => null);
    if (!body) return route.fulfill({ status: 404 });
    const meta = this.injectedApiUrl ? `<head><meta name="api-url" content="${this.injectedApiUrl}">` : '<head>';
    return route.fulfill({
      contentType: types[extname(file)] ?? 'application/octet-stream',
      body: pathname === '/' ? body.toString().replace('<head>', meta) : body,
    });
  }

  async #serveApi(route: Route): Promise<void> {
    const url = new URL(route.request().url());
    const path = decodeURIComponent(url.pathname);
    if (path.startsWith('/logos/')) return path.includes('broken') ? route.abort() : route.fulfill({ contentType: 'image/svg+xml', body: logo });
    if (path.startsWith('/oauth/connect/')) {
      this.requests.push({ path, query: Object.fromEntries(url.searchParams), body: null });
      return route.fulfill({ contentType: 'text/html', body: '<title>Provider</title><h1>Sign in</h1>' });
    }
    const { status, body } = await this.#answerTo(path, url, route);
    return route.fulfill({ status, headers: { 'access-control-allow-origin': '*' }, contentType: 'application/json', body: JSON.stringify(body) });
  }

  async #answerTo(path: string, url: URL, route: Route): Promise<{ status: number; body: object }> {
    if (path === '/connect/session') return { status: 200, body: { data: this.#session() } };
    if (path === '/integrations') return { status: 200, body: { data: this.providers.map(integrationOf) } };
    if (path.startsWith('/oauth/session/')) return { status: 200, body: { status: 'redirected' } };
    const provider = this.providers.find(({ name }) => path === `/providers/${name}`);
    if (provider) return { status: 200, body: { data: provider } };
    this.requests.push({ path, query: Object.fromEntries(url.searchParams), body: route.request().postDataJSON() as unknown });
    return this.answer();
  }

  #session(): ConnectSession {
    return { connection_id: null, expires_at: new Date(Date.now() + 1_800_000).toISOString(), end_user: { id: 'u1' }, ...this.session };
  }
}

function integrationOf({ name, display_name, hasBrokenLogo }: Described) {
  return { unique_key: name, display_name, provider: name, logo: `${api}/logos/${hasBrokenLogo ? 'broken' : name}.svg` };
}
