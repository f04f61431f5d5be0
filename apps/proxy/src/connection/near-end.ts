import type { Target } from './target.js';

/** Some providers round a token's life up: it is renewed this long before its end, unless the catalogue says otherwise (surface 5.5). */
const defaultBufferSeconds = 15 * 60;

/** Whether a credential should be refreshed before it is used again. One that cannot be refreshed never should. */
export function isNearEnd({ credentials, provider }: Pick<Target, 'credentials' | 'provider'>, now: number = Date.now()): boolean {
  if (credentials.type !== 'OAUTH2' || !credentials.refresh_token || !credentials.expires_at) return false;
  return credentials.expires_at.getTime() <= now + (provider.token_expiration_buffer ?? defaultBufferSeconds) * 1000;
}
