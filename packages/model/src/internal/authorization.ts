import { z } from 'zod';
import { Credentials } from '../credentials.js';
import { McpAuthorizationServer } from '../token-credentials.js';

const Fields = z.record(z.string(), z.unknown());

/** What a new credential is made with: an answer of the provider's pages, fields that somebody typed, or a credential that is whole. */
export const AuthorizationGrant = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('authorization_code'),
    code: z.string(),
    redirectUri: z.string(),
    codeVerifier: z.string().optional(),
    server: McpAuthorizationServer.optional(),
  }),
  /** A refresh token that the product has of its own. */
  z.object({ kind: z.literal('refresh_token'), refreshToken: z.string() }),
  z.object({ kind: z.literal('oauth_verifier'), token: z.string(), tokenSecret: z.string(), verifier: z.string() }),
  z.object({ kind: z.literal('login'), fields: Fields }),
  z.object({ kind: z.literal('installation'), installationId: z.string(), code: z.string().optional(), redirectUri: z.string().optional() }),
  z.object({ kind: z.literal('whole'), credentials: Credentials }),
]);
export type AuthorizationGrant = z.infer<typeof AuthorizationGrant>;

/** A client of the connection's own instead of the integration's. */
export const ClientOverride = z.object({ client_id: z.string().optional(), client_secret: z.string().optional() });
export type ClientOverride = z.infer<typeof ClientOverride>;

/**
 * Body of the proxy's `POST /internal/authorizations`, from the server: gets a credential and, with `verify`, tries it on the provider's
 * verification endpoint before anybody keeps it. Errors: `token_request_failed`, `connection_test_failed`, `invalid_credential_format`,
 * `missing_api_url`, `url_not_allowed`.
 */
export const AuthorizationRequest = z.object({
  environmentId: z.int(),
  providerConfigKey: z.string(),
  connectionConfig: Fields,
  grant: AuthorizationGrant,
  client: ClientOverride.optional(),
  verify: z.boolean().default(true),
});
export type AuthorizationRequest = z.infer<typeof AuthorizationRequest>;

/** One request that was made on the way, for the operation's log. */
export const AuthorizationExchange = z.object({ method: z.string(), url: z.string(), status: z.int().nullable(), ms: z.int(), problem: z.string().optional() });
export type AuthorizationExchange = z.infer<typeof AuthorizationExchange>;

/** Its answer. `connectionConfig` holds what the provider's answer adds to the connection's config. */
export const Authorization = z.object({
  credentials: Credentials,
  connectionConfig: z.record(z.string(), z.string()),
  grantedScopes: z.array(z.string()).optional(),
  exchanges: z.array(AuthorizationExchange),
});
export type Authorization = z.infer<typeof Authorization>;

/** Body of `POST /internal/authorizations/request-token`: the first step of OAuth 1.0. */
export const RequestTokenRequest = z.object({
  environmentId: z.int(),
  providerConfigKey: z.string(),
  connectionConfig: Fields,
  callbackUrl: z.string(),
  client: ClientOverride.optional(),
});
export type RequestTokenRequest = z.infer<typeof RequestTokenRequest>;

/** Its answer. */
export const OAuth1RequestToken = z.object({ token: z.string(), tokenSecret: z.string() });
export type OAuth1RequestToken = z.infer<typeof OAuth1RequestToken>;

/** Body of `POST /internal/authorizations/mcp`: finds an MCP server's authorization server and registers a client there, once per integration. */
export const McpDiscoveryRequest = z.object({
  environmentId: z.int(),
  providerConfigKey: z.string(),
  connectionConfig: Fields,
  redirectUri: z.string(),
  /** The address of this integration's client metadata document, for servers that take it as a client id. */
  clientMetadataUrl: z.string(),
});
export type McpDiscoveryRequest = z.infer<typeof McpDiscoveryRequest>;

/** Its answer: where to send the browser, as which client, and what the callback has to check. */
export const McpDiscovery = z.object({
  server: McpAuthorizationServer,
  authorizationEndpoint: z.string(),
  client: z.object({ client_id: z.string(), client_secret: z.string().optional() }),
  scopes: z.array(z.string()),
  /** Whether the server's answers carry `iss` (RFC 9207). */
  sendsIssuer: z.boolean(),
});
export type McpDiscovery = z.infer<typeof McpDiscovery>;

/** Body of `POST /internal/revocations`: gives a connection's credential back to its provider. */
export const RevocationRequest = z.object({ environmentId: z.int(), providerConfigKey: z.string(), connectionId: z.string() });
export type RevocationRequest = z.infer<typeof RevocationRequest>;

/** Its answer. `unsupported`: the provider has no way to. */
export const Revocation = z.object({ outcome: z.enum(['revoked', 'unsupported', 'failed']) });
export type Revocation = z.infer<typeof Revocation>;
