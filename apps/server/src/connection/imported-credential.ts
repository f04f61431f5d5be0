import { AppError, type AuthMode, type AuthorizationGrant, type GivenCredentials, type OAuth1Credentials, type OAuth2Credentials } from 'model';
import type { Provider } from 'providers';
import { type CredentialFields, grantFrom, sendable, text, trimmed } from './credential-input.js';

type Given = GivenCredentials & { config_override?: OAuth2Credentials['config_override'] | undefined };

/**
 * What an import's credential is made into: tokens as they are, anything else as if it had been pasted.
 * @throws AppError naming the missing field (surface 4.2); as {@link grantFrom}
 */
export function importedGrant(mode: AuthMode, provider: Provider, given: Given, now = new Date()): AuthorizationGrant {
  const fields = trimmed({ ...given });
  switch (mode) {
    case 'OAUTH2':
      return { kind: 'whole', credentials: oauth2From(fields, given, now) };
    case 'OAUTH1':
      return { kind: 'whole', credentials: oauth1From(fields) };
    case 'BASIC':
      if (fields['username'] === undefined) throw new AppError('missing_basic_username', { message: 'username is missing' });
      return grantFrom(mode, provider, fields);
    case 'API_KEY':
      return grantFrom(mode, provider, { ...fields, apiKey: fields['api_key'] ?? fields['apiKey'] });
    case 'APP':
    case 'CUSTOM':
      return { kind: 'installation', installationId: installationOf(fields) };
    case 'MCP_OAUTH2':
    case 'MCP_OAUTH2_GENERIC':
      throw new AppError('wrong_auth_mode', {
        message: `Connections that authorise with ${mode} cannot be imported: their client is registered by the flow itself`,
      });
    default:
      return grantFrom(mode, provider, fields);
  }
}

function oauth2From(fields: CredentialFields, given: Given, now: Date): OAuth2Credentials {
  const access_token = sendable('access_token', text(fields, 'access_token', 'missing_access_token'));
  const expires_at = expiryOf(given, now);
  const refresh_token = fields['refresh_token'] ? text(fields, 'refresh_token', 'invalid_credential_format') : undefined;
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

function oauth1From(fields: CredentialFields): OAuth1Credentials {
  const oauth_token = sendable('oauth_token', text(fields, 'oauth_token', 'missing_oauth_token'));
  const oauth_token_secret = sendable('oauth_token_secret', text(fields, 'oauth_token_secret', 'missing_oauth_token_secret'));
  return { type: 'OAUTH1', oauth_token, oauth_token_secret, raw: { oauth_token, oauth_token_secret } };
}

function installationOf({ installation_id: id }: CredentialFields): string {
  if ((typeof id === 'string' && id !== '') || typeof id === 'number') return String(id);
  throw new AppError('invalid_credential_format', { message: 'installation_id is missing: the number of the app installation at the provider' });
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
