import { AuthError } from './auth-error.js';
import { authQuery } from './auth-query.js';
import type { AuthResult } from './auth-result.js';
import { areCredentials, chooseAuthRoute } from './auth-route.js';
import { ConnectUI, type ConnectUIOptions } from './connect-ui.js';
import type { Credentials } from './credentials.js';
import type { AuthOptions, NangoOptions } from './options.js';
import { PopupFlow } from './popup/popup-flow.js';
import { openPopupWindow } from './popup/popup-window.js';
import { ServerApi } from './server-api.js';

/**
 * A product's browser client: it connects an end user's account in an OAuth popup, from pasted credentials or on the hosted connect page.
 *
 * @example
 * const { connectionId } = await new Nango({ host, connectSessionToken }).auth('github', { detectClosedAuthWindow: true });
 * @example
 * await new Nango({ host, connectSessionToken }).auth('my-api', { credentials: { apiKey } });
 * @example
 * new Nango({ host }).openConnectUI({ sessionToken, onEvent: ({ type }) => type === 'connect' && reload() });
 */
export class Nango {
  readonly #options: NangoOptions;
  readonly #api: ServerApi;
  readonly #flows = new Set<PopupFlow>();

  /** @throws AuthError `invalid_host_url` */
  constructor(options: NangoOptions = {}) {
    this.#options = options;
    this.#api = new ServerApi(options.host ?? 'http://localhost:3003');
  }

  /**
   * Makes a connection, or gives the one of a reconnect session a new credential. Without `credentials` it opens a popup,
   * so call it directly in the handler of a click. The server names the connection when `connectionId` is left out.
   *
   * @throws AuthError
   */
  auth(providerConfigKey: string, options?: AuthOptions): Promise<AuthResult>;
  auth(providerConfigKey: string, connectionId?: string | null, options?: AuthOptions | Credentials): Promise<AuthResult>;
  async auth(providerConfigKey: string, second?: string | AuthOptions | null, third?: AuthOptions | Credentials): Promise<AuthResult> {
    const { connectionId, options } = argumentsOf(second, third);
    const query = authQuery(this.#options, connectionId, options);
    const route = chooseAuthRoute(options);
    if (route.kind === 'post') return this.#api.postCredentials(`${route.path}/${encodeURIComponent(providerConfigKey)}`, query, route.body);
    for (const [name, value] of Object.entries(route.overrides)) query.set(`credentials[${name}]`, value);
    return this.#authInPopup(`/oauth/connect/${encodeURIComponent(providerConfigKey)}?${query}`, options.detectClosedAuthWindow ?? false);
  }

  /** Makes a connection to an API that asks for no credential. @throws AuthError */
  create(providerConfigKey: string, options?: AuthOptions): Promise<AuthResult>;
  create(providerConfigKey: string, connectionId?: string | null, options?: AuthOptions): Promise<AuthResult>;
  async create(providerConfigKey: string, second?: string | AuthOptions | null, third?: AuthOptions): Promise<AuthResult> {
    const { connectionId, options } = argumentsOf(second, third);
    const query = authQuery(this.#options, connectionId, options);
    return this.#api.postCredentials(`/auth/unauthenticated/${encodeURIComponent(providerConfigKey)}`, query, {});
  }

  /** Gives the connection that the connect session was opened for a new credential. @throws AuthError */
  async reconnect(providerConfigKey: string, options: AuthOptions = {}): Promise<AuthResult> {
    if (!this.#options.connectSessionToken) {
      throw new AuthError('Reconnecting needs the connectSessionToken of a reconnect session.', 'missing_connect_session_token');
    }
    return this.auth(providerConfigKey, options);
  }

  /** Closes every popup that is open; its call of `auth` rejects with `window_closed`. */
  clear(): void {
    for (const flow of this.#flows) flow.cancel();
  }

  /** Opens the hosted connect page over the whole window. */
  openConnectUI(options: ConnectUIOptions = {}): ConnectUI {
    const { apiURL = this.#api.host, sessionToken = this.#options.connectSessionToken ?? null } = options;
    const page = new ConnectUI({ ...options, apiURL, sessionToken });
    page.open();
    return page;
  }

  async #authInPopup(pathAndQuery: string, detectsClosedWindow: boolean): Promise<AuthResult> {
    const { width = 500, height = 600, websocketsPath = '/' } = this.#options;
    const { host } = this.#api;
    const popup = openPopupWindow(width, height);
    const socketUrl = `${host.replace(/^http/i, 'ws')}/${websocketsPath.replace(/^\/+/, '')}`;
    const flow = new PopupFlow({ popup, api: this.#api, socketUrl, connectUrl: host + pathAndQuery, detectsClosedWindow, log: this.#log });
    this.#flows.add(flow);
    return flow.result.finally(() => this.#flows.delete(flow));
  }

  readonly #log = (step: string): void => {
    // oxlint-disable-next-line no-console -- the product's developer asked for it with `debug`
    if (this.#options.debug) console.debug(`[nango] ${step}`);
  };
}

/** The connection id may be left out, and the oldest clients took credentials in place of the options. */
function argumentsOf(
  second: string | AuthOptions | null | undefined,
  third: AuthOptions | Credentials | undefined,
): { connectionId: string | undefined; options: AuthOptions } {
  const [connectionId, given] = typeof second === 'object' && second ? [undefined, second] : [second ?? undefined, third ?? {}];
  const isOptions = 'credentials' in given || !areCredentials(given);
  return { connectionId, options: isOptions ? (given as AuthOptions) : { credentials: given as Credentials } }; // told apart by their fields
}
