import { AuthError } from './auth-error.js';
import type { AuthOptions, NangoOptions } from './options.js';

/** The query that every authorisation route takes (surface 5.1). */
export function authQuery(keys: NangoOptions, connectionId: string | undefined, options: AuthOptions): URLSearchParams {
  const query = new URLSearchParams(keyIn(keys));
  if (connectionId) query.set('connection_id', connectionId);
  if (options.hmac) query.set('hmac', options.hmac);
  if (options.user_scope?.length) query.set('user_scope', options.user_scope.join(','));
  for (const [name, value] of Object.entries(options.params ?? {})) {
    // Pages written in JavaScript pass fields that the end user left empty.
    if (value !== undefined && value !== null) query.set(`params[${name}]`, String(value));
  }
  // The word "undefined" tells the server to leave the parameter out of the authorization URL.
  for (const [name, value] of Object.entries(options.authorization_params ?? {})) query.set(`authorization_params[${name}]`, String(value));
  return query;
}

function keyIn({ connectSessionToken, publicKey }: NangoOptions): Record<string, string> {
  if (connectSessionToken) return { connect_session_token: connectSessionToken };
  if (publicKey) return { public_key: publicKey };
  throw new AuthError('Pass a publicKey or a connectSessionToken to new Nango().', 'missing_auth_token');
}
