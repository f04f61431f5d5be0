import type { OAuth2Credentials } from 'model';
import type { TokenAnswer } from './token-request.js';

/** Tokens out of an answer. `expires_at` is missing where the provider names no end. */
export type Tokens = Pick<OAuth2Credentials, 'access_token' | 'refresh_token' | 'expires_at' | 'raw'>;

/** What an answer of a token endpoint says. `rejected`: this refresh token will never work again. */
export type TokenOutcome = { kind: 'tokens'; tokens: Tokens } | { kind: 'rejected' | 'failed'; reason: string; status: number | null };

/** Puts a provider's own shape of answer into that of RFC 6749, section 5.1. */
export type ReadBody = (provider: string, body: unknown) => unknown;

const longestReason = 300;

/** Reads an answer. Some providers refuse with status 200, so the body decides. */
export function readTokenAnswer({ status, body }: TokenAnswer, receivedAt: Date): TokenOutcome {
  const fields = isObject(body) ? body : {};
  const { access_token: accessToken, refresh_token: refreshToken, error } = fields;
  if (status >= 200 && status < 300 && typeof accessToken === 'string' && accessToken !== '') {
    const expiresAt = expiryOf(fields, receivedAt);
    return {
      kind: 'tokens',
      tokens: {
        access_token: accessToken,
        ...(typeof refreshToken === 'string' && refreshToken !== '' ? { refresh_token: refreshToken } : {}),
        ...(expiresAt ? { expires_at: expiresAt } : {}),
        raw: fields,
      },
    };
  }
  return { kind: error === 'invalid_grant' ? 'rejected' : 'failed', reason: reasonOf(fields, status), status };
}

function expiryOf({ expires_in: expiresIn, expires_at: expiresAt }: Record<string, unknown>, receivedAt: Date): Date | undefined {
  const seconds = typeof expiresIn === 'string' && expiresIn.trim() !== '' ? Number(expiresIn) : expiresIn;
  if (typeof seconds === 'number' && Number.isFinite(seconds)) return new Date(receivedAt.getTime() + seconds * 1000);
  const date =
    typeof expiresAt === 'number' ? new Date(expiresAt * (expiresAt < 1e11 ? 1000 : 1)) : typeof expiresAt === 'string' ? new Date(expiresAt) : undefined;
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

function reasonOf({ error, error_description: description }: Record<string, unknown>, status: number): string {
  const words = [error, description].filter((word) => typeof word === 'string' && word !== '');
  return words.length > 0 ? words.join(': ').slice(0, longestReason) : `the token endpoint answered ${status} without a token`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
