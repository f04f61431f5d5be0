/** Why connecting failed, as far as the end user can do something about it. Each kind has its sentences in the dictionaries. */
export type FailureKind = 'ended' | 'blocked' | 'closed' | 'refused' | 'credentials' | 'validation' | 'setup' | 'limit' | 'expired' | 'offline' | 'other';

/** `details` are the server's or the provider's own words, where they add something. */
export type Failure = { kind: FailureKind; code: string; message: string; details?: string };

const kinds: Record<string, FailureKind> = {
  unknown_connect_session_token: 'ended',
  invalid_connect_session_token_format: 'ended',
  blocked_by_browser: 'blocked',
  window_closed: 'closed',
  access_denied: 'refused',
  connection_test_failed: 'credentials',
  token_request_failed: 'credentials',
  token_err: 'credentials',
  connection_validation_failed: 'validation',
  resource_capped: 'limit',
  state_err: 'expired',
  state_cookie_err: 'expired',
  service_unavailable: 'offline',
  auth_mode_err: 'setup',
  forbidden: 'setup',
  grant_type_err: 'setup',
  integration_not_allowed: 'setup',
  invalid_hmac: 'setup',
  missing_hmac: 'setup',
  no_provider_config_key: 'setup',
  provider_config_err: 'setup',
  unknown_config_key: 'setup',
  unknown_provider_config: 'setup',
  wrong_auth_mode: 'setup',
};

const withoutDetails = new Set<FailureKind>(['ended', 'blocked', 'closed', 'offline']);

/** Sorts an error of the browser client or of a request of the page. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  const kind = code === 'callback_err' && isRefusal(message) ? 'refused' : (kinds[code] ?? 'other');
  return { kind, code, message, ...(withoutDetails.has(kind) || message === '' ? {} : { details: message }) };
}

/** `AuthError` calls it type, the page's own requests call it code. */
function codeOf(error: unknown): string {
  const { type, code } = (typeof error === 'object' && error !== null ? error : {}) as { type?: unknown; code?: unknown }; // both are checked below
  return [type, code].find((name): name is string => typeof name === 'string') ?? 'unknown_error';
}

/**
 * The flow's error types have one for every answer of the provider that is an error (surface 5.3); only its description tells a refused
 * consent apart, by the code of RFC 6749, section 4.1.2.1, or by the server's sentence for it.
 */
function isRefusal(description: string): boolean {
  return /access_denied|access was not granted/i.test(description);
}
