import type { Credentials } from './credentials.js';

/** How to reach a server from a browser. One of the two keys is needed to make connections. */
export interface NangoOptions {
  /** Base URL of the server. Default: `http://localhost:3003`. */
  host?: string;
  /** Path of the server's WebSocket below `host`. Default: `/`. */
  websocketsPath?: string;
  /** The environment's public key, which anybody may see. */
  publicKey?: string;
  /** The token of a session that the product's backend opened for this end user. */
  connectSessionToken?: string;
  /** Width of the popup in CSS pixels. Default: 500. */
  width?: number;
  /** Height of the popup in CSS pixels. Default: 600. */
  height?: number;
  /** Writes the steps of the popup flow to the browser's console. Default: false. */
  debug?: boolean;
}

/** What a call of `auth`, `create` or `reconnect` may add. */
export interface AuthOptions {
  /** What the end user pasted. Its form chooses the route; without it `auth` opens the popup. */
  credentials?: Credentials;
  /** Values that the provider's URLs need, e.g. a subdomain. */
  params?: Record<string, string>;
  /** Hex HMAC of the integration and connection id, made by the product's backend; needed where the environment asks for it. */
  hmac?: string;
  /** Scopes that the end user is asked for beside those of the integration. */
  user_scope?: string[];
  /** Added to the provider's authorization URL. The value `undefined` removes a parameter that the integration sets. */
  authorization_params?: Record<string, string | undefined>;
  /** Rejects with `window_closed` when the end user closes the popup. Default: false, which waits for a result for 10 minutes. */
  detectClosedAuthWindow?: boolean;
  /** `outbound`: the provider's own page starts the installation, so no popup opens. */
  installation?: 'outbound';
  /** Sent with TWO_STEP credentials where the provider offers several kinds of assertion. */
  assertionOption?: unknown;
}
