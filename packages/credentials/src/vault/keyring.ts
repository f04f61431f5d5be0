import { createHash } from 'node:crypto';
import { AppError } from 'model';
import { decrypt, encrypt } from './aead.js';
import { type KeyEncryptionKey, type KeyProvider, keyProviderOf } from './key-provider.js';

const keyBytes = 32;

/**
 * A key-encryption key in this process's memory: base64 (or base64url) of 32 bytes.
 * Its id is derived from the key, so that data wrapped with another key is told apart from damaged data.
 *
 * @param source Names the setting in the error message.
 * @throws AppError `invalid_encryption_key` with what is wrong with it, never with the key.
 */
export function localKey(base64Key: string | undefined, source = 'The encryption key'): KeyEncryptionKey {
  const key = decode(base64Key, source);
  return {
    id: createHash('sha256').update('key-encryption-key').update(key).digest('hex').slice(0, 8),
    wrap: async (context, dataKey) => encrypt(key, context, dataKey),
    unwrap: async (context, wrapped) => decrypt(key, context, wrapped),
  };
}

/** A provider of one local key. @throws AppError `invalid_encryption_key` */
export function keyringFrom(base64Key: string | undefined): KeyProvider {
  return keyProviderOf(localKey(base64Key));
}

function decode(base64Key: string | undefined, source: string): Buffer {
  if (!base64Key) throw invalid(source, 'is not set');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64Key)) throw invalid(source, 'is not base64');
  const key = Buffer.from(base64Key, 'base64');
  if (key.length !== keyBytes) throw invalid(source, `holds ${key.length} bytes`);
  return key;
}

function invalid(source: string, problem: string): AppError {
  return new AppError('invalid_encryption_key', {
    message: `${source} ${problem}; it must be base64 of ${keyBytes} bytes (openssl rand -base64 ${keyBytes}).`,
  });
}
