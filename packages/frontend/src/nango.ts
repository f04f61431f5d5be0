import { AuthError } from './auth-error.js';
import type { AuthResult } from './auth-result.js';
import { ConnectUI, type ConnectUIOptions } from './connect-ui.js';

/** How to reach a server from a browser. One of the keys is needed to make connections; the public key may be seen by anybody. */
export interface NangoOptions {
  /** Base URL of the server. Default: `http://localhost:3003`. */
  host?: string;
  publicKey?: string;
  /** The token of a session that the product's backend opened for this end user. */
  connectSessionToken?: string;
}

/** What the end user typed. */
export type PastedCredentials = { apiKey: string } | { username: string; password: string };

export interface AuthOptions {
  credentials?: PastedCredentials;
  /** Values that the provider's URLs need, e.g. a subdomain. */
  params?: Record<string, string>;
}

/**
 * A product's browser client. It makes connections from what end users paste: an API key, a user name and password, or nothing.
 *
 * @example
 * await new Nango({ host, connectSessionToken }).auth('my-api', { credentials: { apiKey } });
 * @example
 * new Nango({ host }).openConnectUI({ sessionToken, onEvent: ({ type }) => type === 'connect' && reload() });
 */
export class Nango {
  private readonly host: string;
  private readonly publicKey: string | undefined;
  private readonly connectSessionToken: string | undefined;

  constructor({ host = 'http://localhost:3003', publicKey, connectSessionToken }: NangoOptions = {}) {
    if (!URL.canParse(host)) throw new AuthError(`Invalid host '${host}': expected a URL such as http://localhost:3003`, 'invalid_host_url');
    this.host = host.replace(/\/+$/, '');
    this.publicKey = publicKey;
    this.connectSessionToken = connectSessionToken;
  }

  /** Makes a connection. The server names it when `connectionId` is left out, and always under a connect session. */
  async auth(providerConfigKey: string, options?: AuthOptions): Promise<AuthResult>;
  async auth(providerConfigKey: string, connectionId?: string, options?: AuthOptions): Promise<AuthResult>;
  async auth(providerConfigKey: string, second?: string | AuthOptions, third?: AuthOptions): Promise<AuthResult> {
    const { connectionId, options } = argumentsOf(second, third);
    const { credentials, params = {} } = options;
    if (!credentials) throw new AuthError('Give the credentials that the end user pasted: { apiKey } or { username, password }.', 'missing_credentials');
    const kind = 'apiKey' in credentials ? 'api-key' : 'basic';
    return this.post(`/api-auth/${kind}/${encodeURIComponent(providerConfigKey)}`, { connectionId, params, body: credentials });
  }

  /** Makes a connection to an API that asks for no credential. */
  async create(providerConfigKey: string, options?: Omit<AuthOptions, 'credentials'>): Promise<AuthResult>;
  async create(providerConfigKey: string, connectionId?: string, options?: Omit<AuthOptions, 'credentials'>): Promise<AuthResult>;
  async create(providerConfigKey: string, second?: string | AuthOptions, third?: AuthOptions): Promise<AuthResult> {
    const { connectionId, options } = argumentsOf(second, third);
    return this.post(`/auth/unauthenticated/${encodeURIComponent(providerConfigKey)}`, { connectionId, params: options.params ?? {}, body: {} });
  }

  /** Gives the connection that the session was opened for a new credential. */
  async reconnect(providerConfigKey: string, options: AuthOptions = {}): Promise<AuthResult> {
    if (!this.connectSessionToken) throw new AuthError('Reconnecting needs the token of a connect session.', 'missing_connect_session_token');
    return options.credentials ? this.auth(providerConfigKey, options) : this.create(providerConfigKey, options);
  }

  /** Opens the connect page over the whole window, at the server's own unless `baseURL` says otherwise. */
  openConnectUI(options: ConnectUIOptions = {}): ConnectUI {
    const { sessionToken = this.connectSessionToken, ...rest } = options;
    const page = new ConnectUI({ baseURL: `${this.host}/connect-ui`, apiURL: this.host, ...rest, ...(sessionToken ? { sessionToken } : {}) });
    page.open();
    return page;
  }

  private async post(path: string, request: { connectionId: string | undefined; params: Record<string, string>; body: object }): Promise<AuthResult> {
    const query = new URLSearchParams(this.key());
    if (request.connectionId) query.set('connection_id', request.connectionId);
    for (const [name, value] of Object.entries(request.params)) query.set(`params[${name}]`, value);
    const response = await fetch(`${this.host}${path}?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request.body),
    });
    const answer = (await response.json()) as AuthResult & { error?: { code?: string; message?: string } };
    if (!response.ok) throw new AuthError(answer.error?.message ?? `The server answered ${response.status}.`, answer.error?.code ?? 'unknown_error');
    return { providerConfigKey: answer.providerConfigKey, connectionId: answer.connectionId };
  }

  private key(): Record<string, string> {
    if (this.connectSessionToken) return { connect_session_token: this.connectSessionToken };
    if (this.publicKey) return { public_key: this.publicKey };
    throw new AuthError('You must specify a public key or the token of a connect session.', 'missing_auth_token');
  }
}

function argumentsOf(second: string | AuthOptions | undefined, third: AuthOptions | undefined): { connectionId: string | undefined; options: AuthOptions } {
  return typeof second === 'object' ? { connectionId: undefined, options: second } : { connectionId: second, options: third ?? {} };
}
