import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { OAuthMessage, OAuthProgress } from 'model';
import { CookieBrowser, type Visited } from './browser.js';
import type { Product } from './product.js';

/** An OAuth app as an integration has it; scopes are separated by commas. */
export type OAuthApp = { client_id: string; client_secret: string; scopes?: string };

/** Makes an integration of `private-api-oauth2`, or of another entry that goes over a provider's pages. */
export async function oauthIntegration(
  product: Product,
  config: Record<string, string>,
  { app, provider = 'private-api-oauth2', type = 'OAUTH2' }: { app: OAuthApp; provider?: string; type?: string },
): Promise<string> {
  const unique_key = `oauth-${randomUUID().slice(0, 8)}`;
  await product.must('POST', '/integrations', { body: { unique_key, provider, credentials: { type, ...app }, integration_config: config } });
  return unique_key;
}

/** The hash under which `oauth_session` keeps a `state`. */
export function stateHash(state: string): Buffer {
  return createHash('sha256').update(state).digest();
}

/** One authorisation in a browser of its own, as the popup plays it: to the provider, through its consent page, and back. */
export class PopupFlow {
  readonly browser = new CookieBrowser();
  /** The id under which the page that opened the popup waits. */
  readonly waitingId = randomUUID();

  constructor(
    private readonly product: Product,
    readonly integration: string,
  ) {}

  /** The token of a connect session; `more` joins its body. */
  async session(more: Record<string, unknown> = {}): Promise<string> {
    const body = { end_user: { id: 'user-1' }, allowed_integrations: [this.integration], ...more };
    return ((await this.product.must('POST', '/connect/sessions', { body })) as { data: { token: string } }).data.token;
  }

  /** The address that the popup opens, under the server's own name. */
  async connectUrl(query: Record<string, string> = {}): Promise<string> {
    const token = query['connect_session_token'] ?? (await this.session());
    const all = new URLSearchParams({ ws_client_id: this.waitingId, ...query, connect_session_token: token });
    return `${ownName(this.product.stack.serverUrl)}/oauth/connect/${this.integration}?${all}`;
  }

  /** Opens the popup; ends at the provider's page, or, not opened yet, at our callback where the provider asks nothing. */
  async begin(query: Record<string, string> = {}): Promise<Visited> {
    return this.browser.visit(await this.connectUrl(query), { stopAt: isCallback });
  }

  /** Decides on the consent page; ends at our callback, which is not opened yet. */
  async decide(consent: Visited, decision: 'allow' | 'deny' = 'allow'): Promise<URL> {
    const link = new RegExp(`id="${decision}" href="([^"]+)"`).exec(consent.body)?.[1];
    if (link === undefined) throw new Error(`no consent page but ${consent.status} ${consent.url}: ${consent.body.slice(0, 500)}`);
    return new URL((await this.browser.visit(new URL(link, consent.url).href, { stopAt: isCallback })).url);
  }

  /** The callback's address after a person allowed everything. */
  async allowed(query: Record<string, string> = {}): Promise<URL> {
    return this.decide(await this.begin(query));
  }

  /** The whole flow; the page it ends with. */
  async finish(query: Record<string, string> = {}): Promise<Visited> {
    const page = await this.begin(query);
    return this.browser.visit(page.status === 0 ? page.url : (await this.decide(page)).href);
  }

  /** What the page that waits is told. */
  async outcome(): Promise<OAuthMessage> {
    for (let left = 100; left > 0; left -= 1) {
      const response = await fetch(`${this.product.stack.serverUrl}/oauth/session/${this.waitingId}`);
      const progress = (await response.json()) as OAuthProgress;
      if (progress.status === 'finished') return progress.result;
      await wait(50);
    }
    throw new Error('the flow did not end');
  }

  /** The whole flow, which must succeed; the connection's id. */
  async connected(query: Record<string, string> = {}): Promise<string> {
    const page = await this.finish(query);
    const outcome = await this.outcome();
    if (outcome.message_type === 'success') return outcome.connection_id;
    throw new Error(`not connected: ${outcome.error_type} ${outcome.error_desc} (${page.status})`);
  }
}

/** The server's URL as providers know it: cookies are set for that name. */
export function ownName(serverUrl: string): string {
  return serverUrl.replace('127.0.0.1', 'localhost');
}

/** Where providers send browsers back to. */
export function callbackUrlOf(serverUrl: string): string {
  return `${ownName(serverUrl)}/oauth/callback`;
}

function isCallback(url: string): boolean {
  return new URL(url).pathname.startsWith('/oauth/callback') || new URL(url).pathname === '/app-auth/connect';
}
