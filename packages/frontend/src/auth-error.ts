/** Why a connection was not made: an error of this client, an error of the OAuth flow (surface 5.3) or an error code of the server. */
export type AuthErrorType =
  | 'missing_auth_token'
  | 'missing_connect_session_token'
  | 'missing_credentials'
  | 'invalid_host_url'
  | 'blocked_by_browser'
  | 'window_closed'
  | 'connection_test_failed'
  | 'connection_validation_failed'
  | 'resource_capped'
  | 'unknown_error'
  | 'auth_mode_err'
  | 'callback_err'
  | 'connection_not_found'
  | 'account_or_environment_retrieval_err'
  | 'grant_type_err'
  | 'missing_connection_id'
  | 'no_provider_config_key'
  | 'provider_config_err'
  | 'state_err'
  | 'state_cookie_err'
  | 'token_err'
  | 'unknown_config_key'
  | 'url_param_err'
  | 'unknown_err'
  | 'missing_hmac'
  | 'invalid_hmac'
  | (string & {});

/** What every call of {@link Nango} rejects with; branch on `type`, and show `message` or a sentence of your own. */
export class AuthError extends Error {
  constructor(
    message: string,
    readonly type: AuthErrorType,
  ) {
    super(message);
    this.name = 'AuthError';
  }
}
