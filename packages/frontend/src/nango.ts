import { AuthError } from './auth-error.js';

/** How to reach a server from a browser. The public key may be seen by anybody. */
export interface NangoOptions {
  /** Base URL of the server. Default: `http://localhost:3003`. */
  host?: string;
  publicKey: string;
}

/** What the end user typed. */
export type PastedCredentials = { apiKey: string } | { username: string; password: string };

export interface AuthOptions {
  credentials?: PastedCredentials;
  /** Values that the provider's URLs need, e.g. a subdomain. */
  params?: Record<string, string>;
}

export interface AuthResult {
  providerConfigKey: string;
  connectionId: string;
}

/**
 * A product's browser client. It makes connections from what end users paste: an API key, a user name and password, or nothing.
 *
 * @example
 * await new Nango({ host, publicKey }).auth('my-api', 'customer-1', { credentials: { apiKey } });
 */
export class Nango {
  private readonly host: string;
  private readonly publicKey: string;

  constructor({ host = 'http://localhost:3003', publicKey }: NangoOptions) {
    if (!publicKey) throw new AuthError('You must specify a public key.', 'missing_auth_token');
    if (!URL.canParse(host)) throw new AuthError(`Invalid host '${host}': expected a URL such as http://localhost:3003`, 'invalid_host_url');
    this.host = host.replace(/\/+$/, '');
    this.publicKey = publicKey;
  }

  /** Makes a connection; the server names it when `connectionId` is left out. */
  async auth(providerConfigKey: string, connectionId?: string, { credentials, params = {} }: AuthOptions = {}): Promise<AuthResult> {
    if (!credentials) throw new AuthError('Give the credentials that the end user pasted: { apiKey } or { username, password }.', 'missing_credentials');
    const kind = 'apiKey' in credentials ? 'api-key' : 'basic';
    return this.post(`/api-auth/${kind}/${encodeURIComponent(providerConfigKey)}`, { connectionId, params, body: credentials });
  }

  /** Makes a connection to an API that asks for no credential. */
  async create(providerConfigKey: string, connectionId?: string, { params = {} }: Omit<AuthOptions, 'credentials'> = {}): Promise<AuthResult> {
    return this.post(`/auth/unauthenticated/${encodeURIComponent(providerConfigKey)}`, { connectionId, params, body: {} });
  }

  private async post(path: string, request: { connectionId: string | undefined; params: Record<string, string>; body: object }): Promise<AuthResult> {
    const query = new URLSearchParams({ public_key: this.publicKey });
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
}
