import { createHash, randomBytes } from 'node:crypto';

/** A new execution token and the hash that is kept of it. */
export function newExecutionToken(): { token: string; hash: Buffer } {
  const token = `exe_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashOf(token) };
}

/** The hash of a token to look it up by, or null when it cannot be one. */
export function executionTokenHash(token: string): Buffer | null {
  return /^exe_[\w-]{43}$/.test(token) ? hashOf(token) : null;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
