import { z } from 'zod';
import { EndUser } from './connection.js';
import { AuthMode } from './credentials.js';
import { McpAuthorizationServer } from './token-credentials.js';

/** Why an authorisation did not come about, as the browser's client is told (surface 5.3). */
export const OAuthErrorType = z.enum([
  'auth_mode_err',
  'callback_err',
  'connection_not_found',
  'connection_test_failed',
  'connection_validation_failed',
  'account_or_environment_retrieval_err',
  'forbidden',
  'grant_type_err',
  'integration_not_allowed',
  'invalid_hmac',
  'missing_connection_id',
  'missing_hmac',
  'no_provider_config_key',
  'provider_config_err',
  'state_cookie_err',
  'state_err',
  'token_err',
  'unknown_config_key',
  'unknown_err',
  'url_param_err',
]);
export type OAuthErrorType = z.infer<typeof OAuthErrorType>;

/** What ends a flow: sent over the WebSocket, answered to the poll, and broadcast to pages of the same origin. */
export const OAuthMessage = z.discriminatedUnion('message_type', [
  z.object({ message_type: z.literal('success'), provider_config_key: z.string(), connection_id: z.string(), is_pending: z.boolean() }),
  z.object({
    message_type: z.literal('error'),
    provider_config_key: z.string().nullable(),
    connection_id: z.string().nullable(),
    error_type: OAuthErrorType,
    error_desc: z.string(),
  }),
]);
export type OAuthMessage = z.infer<typeof OAuthMessage>;

/** Answer of `GET /oauth/session/{ws_client_id}`: `waiting` until the browser has been sent to the provider. */
export const OAuthProgress = z.discriminatedUnion('status', [
  z.object({ status: z.literal('waiting') }),
  z.object({ status: z.literal('redirected') }),
  z.object({ status: z.literal('finished'), result: OAuthMessage }),
]);
export type OAuthProgress = z.infer<typeof OAuthProgress>;

/** How long an authorisation may take, in milliseconds. */
export const oauthSessionMs = 10 * 60_000;

/** Scopes of a connection: those that were asked for, those that the provider granted. */
export const ConnectionScopes = z.object({ requested: z.array(z.string()), granted: z.array(z.string()) });
export type ConnectionScopes = z.infer<typeof ConnectionScopes>;

/** What is kept of an authorisation between the redirect to the provider and its callback. Sealed: it holds secrets. */
export const OAuthSessionDetails = z.object({
  providerConfigKey: z.string(),
  connectionId: z.string(),
  /** Whether a connection of this name may be given another credential. */
  mayReplace: z.boolean(),
  authMode: AuthMode,
  redirectUri: z.string(),
  codeVerifier: z.string().optional(),
  /** OAuth 1.0. */
  requestToken: z.object({ token: z.string(), tokenSecret: z.string() }).optional(),
  connectionConfig: z.record(z.string(), z.unknown()),
  tags: z.record(z.string(), z.string()).optional(),
  endUser: EndUser.optional(),
  /** Scopes that were asked for. */
  scopes: z.array(z.string()),
  /** A client of the connection's own instead of the integration's. */
  client: z.object({ client_id: z.string().optional(), client_secret: z.string().optional() }).optional(),
  /** The issuer that the answer must name, and whether it must name one (RFC 9207). */
  issuer: z.string().optional(),
  requiresIssuer: z.boolean().default(false),
  /** Where the browser was sent: an issuer that an answer names without being known beforehand must be there. */
  authorizationOrigin: z.string().optional(),
  /** The authorization server of an MCP server. */
  server: McpAuthorizationServer.optional(),
});
export type OAuthSessionDetails = z.infer<typeof OAuthSessionDetails>;

/** The app of the auth modes APP and CUSTOM. */
export const AppKey = z.object({ app_id: z.string(), app_link: z.string().optional(), private_key: z.string() });
export type AppKey = z.infer<typeof AppKey>;
