import { AppError, type AuthMode, type Credentials, type ErrorCode, type GivenCredentials, type OAuth2Credentials } from 'model';

type Given = GivenCredentials & { config_override?: OAuth2Credentials['config_override'] | undefined };

/**
 * The credential to keep, from what an import gave.
 * @throws AppError naming the missing field (surface 4.2), `wrong_auth_mode` for modes that no connection can be made for
 */
export function credentialsFrom(authMode: AuthMode, given: Given, now = new Date()): Credentials {
  switch (authMode) {
    case 'OAUTH2':
      return oauth2From(given, now);
    case 'API_KEY':
      return { type: 'API_KEY', apiKey: required(given.api_key ?? given.apiKey, 'missing_api_key', 'api_key') };
    case 'BASIC':
      return { type: 'BASIC', username: required(given.username, 'missing_basic_username', 'username'), password: given.password ?? '' };
    case 'NONE':
      return { type: 'NONE' };
    default:
      throw new AppError('wrong_auth_mode', { message: `Connections that authorise with ${authMode} cannot be imported` });
  }
}

function oauth2From(given: Given, now: Date): OAuth2Credentials {
  const access_token = required(given.access_token, 'missing_access_token', 'access_token');
  const expires_at = expiryOf(given, now);
  const refresh_token = given.refresh_token || undefined;
  const config_override = overrideOf(given);
  const raw = given.raw ?? { access_token, ...(refresh_token ? { refresh_token } : {}), ...(expires_at ? { expires_at } : {}) };
  return {
    type: 'OAUTH2',
    access_token,
    ...(refresh_token ? { refresh_token } : {}),
    ...(expires_at ? { expires_at } : {}),
    raw,
    ...(config_override ? { config_override } : {}),
  };
}

function expiryOf({ expires_at, expires_in, no_expiration }: Given, now: Date): Date | undefined {
  if (no_expiration === true) return undefined;
  if (expires_at) return new Date(expires_at);
  if (expires_in) return new Date(now.getTime() + expires_in * 1_000);
  throw new AppError('missing_expires_at', { message: 'Give expires_at or expires_in, or no_expiration: true' });
}

function overrideOf({
  config_override,
  oauth_client_id_override: client_id,
  oauth_client_secret_override: client_secret,
}: Given): OAuth2Credentials['config_override'] {
  if (config_override) return config_override;
  if (!client_id && !client_secret) return undefined;
  return { ...(client_id ? { client_id } : {}), ...(client_secret ? { client_secret } : {}) };
}

// A user name may be empty (some APIs take the password alone), a key or token may not.
function required(value: string | undefined, code: ErrorCode, field: string): string {
  if (value === undefined || (value === '' && field !== 'username')) throw new AppError(code, { message: `${field} is missing` });
  return value;
}
