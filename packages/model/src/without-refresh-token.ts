import type { Credentials } from './credentials.js';

/** A credential as callers get it who did not ask for its refresh token: without it, also in the provider's own answer and in the user's part of a CUSTOM one. */
export function withoutRefreshToken(credentials: Credentials): Credentials {
  const bare = stripped(credentials);
  return bare.type === 'CUSTOM' && bare.user ? { ...bare, user: stripped(bare.user) } : bare;
}

function stripped<T extends object>(credentials: T): T {
  if (!('refresh_token' in credentials) && !('raw' in credentials)) return credentials;
  const rest: Record<string, unknown> = { ...credentials };
  delete rest['refresh_token'];
  const { raw } = rest;
  if (typeof raw === 'object' && raw !== null) rest['raw'] = Object.fromEntries(Object.entries(raw).filter(([name]) => name !== 'refresh_token'));
  return rest as T; // no mode demands a refresh token
}
