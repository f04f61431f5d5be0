import type { AppKey, Credentials } from 'model';
import type { Provider } from 'providers';

/** A request to a provider's token endpoint, ready to be sent. Holds secrets. */
export type TokenHttpRequest = { url: string; method: 'GET' | 'POST' | 'DELETE'; headers: Record<string, string>; body?: string | undefined };

/** The endpoint's answer as it came; `text` is at most 1 MB. Header names are in lower case. */
export type TokenHttpResponse = { status: number; headers: Record<string, string>; text: string };

/** Sends through the egress guard, without following redirects, within 15 s. @throws when no answer came */
export type SendTokenRequest = (request: TokenHttpRequest) => Promise<TokenHttpResponse>;

/** The team's client at the provider. `previousSecret` is set while a rotated secret may still be the one that works. */
export type AuthorizationClient = { id: string; secret: string; previousSecret?: string | undefined; scopes: string[]; app?: AppKey | undefined };

/** Whom a token is for, and how it is asked for. `provider` has the integration's own values filled in already. */
export type TokenContext = {
  provider: Provider;
  connectionConfig: Record<string, unknown>;
  client: AuthorizationClient;
  send: SendTokenRequest;
};

/** What a token is asked for with. */
export type TokenGrant =
  | { kind: 'authorization_code'; code: string; redirectUri: string; codeVerifier?: string | undefined; server?: McpServer | undefined }
  | { kind: 'refresh_token'; credentials: Extract<Credentials, { type: 'OAUTH2' | 'MCP_OAUTH2' | 'MCP_OAUTH2_GENERIC' }> }
  | { kind: 'oauth_verifier'; token: string; tokenSecret: string; verifier: string }
  /** Fields that the end user typed or that the credential keeps, by the names of the public routes (surface 5.1). */
  | { kind: 'login'; type: LoginType; fields: Record<string, unknown> }
  | { kind: 'installation'; installationId: string; code?: string | undefined; redirectUri?: string | undefined; credentials?: InstallationCredentials };

/** What an installation's token replaces: of CUSTOM, the user's token in it is renewed too, alone where there is no installation (an empty id). */
export type InstallationCredentials = Extract<Credentials, { type: 'APP' | 'CUSTOM' }> | undefined;

/** Auth modes whose token is made anew from fields that the credential keeps. */
export type LoginType = 'OAUTH2_CC' | 'TWO_STEP' | 'JWT' | 'SIGNATURE' | 'BILL' | 'TABLEAU' | 'APP_STORE' | 'AWS_SIGV4';

/** The authorization server of an MCP server and the client that was registered at it. */
export type McpServer = Extract<Credentials, { type: 'MCP_OAUTH2' | 'MCP_OAUTH2_GENERIC' }>['server'];

/**
 * An answer as it is written down before anything else happens to it: `body` is the parsed body of the endpoint, or for modes that sign
 * their token here or need several answers, what they made of them. JSON throughout. Holds secrets. `retryAfterSeconds` is what the
 * endpoint asked for with a 429 or 503, at most an hour.
 */
export type TokenAnswer = { status: number; body: unknown; retryAfterSeconds?: number | undefined };

/**
 * What an answer comes to. `rejected`: this grant will never work again (`invalid_grant`); `failed`: it may work later.
 * `connectionConfig` holds what the catalogue wants kept of the answer.
 */
export type TokenOutcome =
  | { kind: 'issued'; credentials: Credentials; connectionConfig: Record<string, string>; grantedScopes?: string[] | undefined }
  | { kind: 'rejected' | 'failed'; reason: string; status: number | null; retryAfterSeconds?: number | undefined };
