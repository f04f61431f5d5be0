import { createHash } from 'node:crypto';
import { AppError } from 'model';

/** Key-encryption keys by id: the current one wraps, all unwrap. */
export type Keyring = { currentId: string; keys: ReadonlyMap<string, Buffer> };

const keyBytes = 32;

/**
 * A keyring of one key: base64 (or base64url) of 32 bytes, as `NANGO_ENCRYPTION_KEY` holds it.
 * Its id is derived from the key, so that data wrapped with another key is told apart from damaged data.
 *
 * @throws AppError `invalid_encryption_key` with what is wrong with it, never with the key.
 */
export function keyringFrom(base64Key: string | undefined): Keyring {
  if (!base64Key) throw invalid('is not set');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64Key)) throw invalid('is not base64');
  const key = Buffer.from(base64Key, 'base64');
  if (key.length !== keyBytes) throw invalid(`holds ${key.length} bytes`);
  const currentId = createHash('sha256').update('key-encryption-key').update(key).digest('hex').slice(0, 8);
  return { currentId, keys: new Map([[currentId, key]]) };
}

function invalid(problem: string): AppError {
  return new AppError('invalid_encryption_key', {
    message: `The encryption key ${problem}; it must be base64 of ${keyBytes} bytes (openssl rand -base64 ${keyBytes}).`,
  });
}
