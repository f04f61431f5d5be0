import type { Target } from './target.js';

/** How long before its end a token is renewed, unless the catalogue says otherwise (surface 5.5). */
const defaultBufferSeconds = 15 * 60;

/** Whether a credential should be refreshed before it is used again. One that cannot be refreshed never should. */
export function isNearEnd({ credentials, provider }: Pick<Target, 'credentials' | 'provider'>, now: number = Date.now()): boolean {
  if (credentials.type !== 'OAUTH2' || !credentials.refresh_token || !credentials.expires_at) return false;
  const buffer = provider.token_expiration_buffer ?? defaultBufferSeconds;
  const life = Number(credentials.raw['expires_in']);
  // A token that lives no longer than the buffer would be near its end from the start, and be refreshed for every call.
  const bufferSeconds = life > 0 ? Math.min(buffer, life / 2) : buffer;
  return credentials.expires_at.getTime() <= now + bufferSeconds * 1000;
}
