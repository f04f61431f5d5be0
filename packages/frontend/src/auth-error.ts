/** Why an authorisation did not happen. */
export type AuthErrorType =
  | 'missing_auth_token'
  | 'missing_connect_session_token'
  | 'invalid_host_url'
  | 'missing_credentials'
  | 'unknown_error'
  | (string & {});

/** Thrown by every call of {@link Nango}; `type` is one of ours or the server's error code. */
export class AuthError extends Error {
  constructor(
    message: string,
    readonly type: AuthErrorType,
  ) {
    super(message);
    this.name = 'AuthError';
  }
}
