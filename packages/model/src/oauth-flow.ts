import { z } from 'zod';

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

/** The app of the auth modes APP and CUSTOM. */
export const AppKey = z.object({ app_id: z.string(), app_link: z.string().optional(), private_key: z.string() });
export type AppKey = z.infer<typeof AppKey>;
