import { canRenew } from 'authorization';
import type { Credentials } from 'model';
import type { Provider } from 'providers';

/** A credential with what its end depends on. */
export type Expiring = {
  credentials: Credentials;
  provider: Pick<Provider, 'token_expiration_buffer' | 'token_expires_in_ms' | 'expires_in_unit'>;
  /** When the token was issued; null for tokens that were stored before this was. */
  issuedAt: Date | null;
  connectionConfig?: Record<string, unknown> | undefined;
};

/** When a credential ends, when it was issued, and when it is renewed unasked: null where it has no end, cannot be renewed, or is signed here. */
export type CredentialTimes = { expiresAt: Date | null; issuedAt: Date; renewAt: Date | null };

/** Signed here, without a request: made when they are needed, since nothing ends while they are not. */
const signedHere = new Set<Credentials['type']>(['JWT', 'SIGNATURE', 'APP_STORE']);

const defaultBufferMs = 15 * 60_000;
const clientCredentialsLifeMs = 55 * 60_000;
const defaultLifeMs = 24 * 60 * 60_000;

/**
 * Whether a credential is to be renewed before it is used again: the one rule for it. It is near its end within the entry's
 * `token_expiration_buffer`, 15 minutes unless set, or in the second half of its life where that is shorter, since a token that lives no
 * longer than the buffer would be renewed for every call. A credential that nothing can renew never is.
 */
export function isNearEnd(expiring: Expiring, now: number = Date.now()): boolean {
  const { credentials, connectionConfig } = expiring;
  const end = endOf(expiring);
  const isNear = lacksToken(credentials) || (end !== undefined && end.getTime() <= now + bufferMsOf(expiring, end));
  return isNear && canRenew(credentials, connectionConfig);
}

/** The times of a credential that is stored for the first time or anew. */
export function credentialTimes(
  credentials: Credentials,
  issuedAt: Date,
  { provider = {}, connectionConfig }: Partial<Pick<Expiring, 'provider' | 'connectionConfig'>> = {},
): CredentialTimes {
  const end = lacksToken(credentials) ? issuedAt : endOf({ credentials, provider, issuedAt });
  const renews = end !== undefined && !signedHere.has(credentials.type) && canRenew(credentials, connectionConfig);
  return { expiresAt: toldEnd(credentials) ?? null, issuedAt, renewAt: renews ? renewAt(issuedAt, end) : null };
}

/** 80% of a token's life, less up to 5% at random: tokens that were issued together are not renewed together. */
export function renewAt(issuedAt: Date, expiresAt: Date): Date {
  const lifeMs = Math.max(0, expiresAt.getTime() - issuedAt.getTime());
  return new Date(issuedAt.getTime() + lifeMs * (0.8 - Math.random() * 0.05));
}

/** What the provider told, else what its tokens live for when nothing is told. */
function endOf({ credentials, provider, issuedAt }: Expiring): Date | undefined {
  const told = toldEnd(credentials);
  if (told || !issuedAt) return told;
  const lifeMs = provider.token_expires_in_ms ?? (credentials.type === 'OAUTH2_CC' ? clientCredentialsLifeMs : defaultLifeMs);
  return new Date(issuedAt.getTime() + lifeMs);
}

function bufferMsOf({ credentials, provider, issuedAt }: Expiring, end: Date): number {
  const buffer = provider.token_expiration_buffer === undefined ? defaultBufferMs : provider.token_expiration_buffer * 1000;
  const lifeMs = issuedAt ? end.getTime() - issuedAt.getTime() : toldLifeMs(credentials, provider);
  return lifeMs > 0 ? Math.min(buffer, lifeMs / 2) : buffer;
}

function toldEnd(credentials: Credentials): Date | undefined {
  return 'expires_at' in credentials && credentials.expires_at instanceof Date ? credentials.expires_at : undefined;
}

function toldLifeMs(credentials: Credentials, { expires_in_unit: unit }: Expiring['provider']): number {
  const raw = 'raw' in credentials ? (credentials.raw as Record<string, unknown> | undefined) : undefined; // an object in every mode that has it
  return Number(raw?.['expires_in']) * (unit === 'milliseconds' ? 1 : 1000);
}

/** A login whose token was never made. */
function lacksToken(credentials: Credentials): boolean {
  if (credentials.type === 'BILL') return credentials.session_id === undefined;
  const { type } = credentials;
  return (type === 'JWT' || type === 'TWO_STEP' || type === 'SIGNATURE' || type === 'TABLEAU') && credentials.token === undefined;
}
