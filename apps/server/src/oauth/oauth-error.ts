import { type ErrorCode, isAppError, type OAuthErrorType } from 'model';

/** Why a flow ended, as the browser is told. The message is safe to show: it holds no secret and is shown as text. */
export class OAuthFlowError extends Error {
  constructor(
    readonly type: OAuthErrorType,
    message: string,
  ) {
    super(message);
    this.name = 'OAuthFlowError';
  }
}

const typesByCode: Partial<Record<ErrorCode, OAuthErrorType>> = {
  unknown_account: 'account_or_environment_retrieval_err',
  unknown_connect_session_token: 'account_or_environment_retrieval_err',
  invalid_connect_session_token_format: 'account_or_environment_retrieval_err',
  unknown_provider_config: 'unknown_config_key',
  unknown_provider_template_in_config: 'provider_config_err',
  missing_client_id: 'provider_config_err',
  missing_client_secret: 'provider_config_err',
  unknown_connection: 'connection_not_found',
  missing_hmac: 'missing_hmac',
  invalid_hmac: 'invalid_hmac',
  integration_not_allowed: 'integration_not_allowed',
  forbidden: 'forbidden',
  invalid_connection_config: 'url_param_err',
  missing_api_url: 'url_param_err',
  wrong_auth_mode: 'auth_mode_err',
  token_request_failed: 'token_err',
  url_not_allowed: 'token_err',
  invalid_credential_format: 'token_err',
  connection_test_failed: 'connection_test_failed',
  connection_validation_failed: 'connection_validation_failed',
  missing_connection_id: 'missing_connection_id',
};

/** What was thrown, as the flow's end. What is not the caller's to know is told as `unknown_err`, without its text. */
export function toOAuthFlowError(thrown: unknown): OAuthFlowError {
  if (thrown instanceof OAuthFlowError) return thrown;
  if (!isAppError(thrown) || thrown.status >= 500) return new OAuthFlowError('unknown_err', 'Something went wrong on the server. Try again in a moment.');
  return new OAuthFlowError(typesByCode[thrown.code] ?? 'unknown_err', thrown.message);
}
