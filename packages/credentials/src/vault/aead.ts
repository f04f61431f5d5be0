import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from 'model';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM under a random IV: `iv (12) || ciphertext || tag (16)`. `context` must be the same to open. */
export function encrypt(key: Uint8Array, context: string, plain: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(context));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what {@link encrypt} made. @throws AppError `decryption_failed` for any other key, context or byte. */
export function decrypt(key: Uint8Array, context: string, sealed: Uint8Array): Buffer {
  if (sealed.length < ivBytes + tagBytes) throw decryptionFailed('too short');
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes }).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(ivBytes, sealed.length - tagBytes)), decipher.final()]);
  } catch {
    throw decryptionFailed('damaged, moved from elsewhere, or sealed with another key');
  }
}

/** The one error of everything that does not open. */
export function decryptionFailed(reason: string): AppError {
  return new AppError('decryption_failed', { message: `A stored secret does not open: ${reason}.` });
}
