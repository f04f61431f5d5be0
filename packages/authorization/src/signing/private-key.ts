import { createPrivateKey, createPublicKey, createHash, type KeyObject } from 'node:crypto';
import { credentialFormatError } from '../credential-format.js';

/** Kinds of private keys by the catalogue's name for how they sign. */
export type PrivateKeyKind = 'RSA' | 'EC';

const formOf: Record<PrivateKeyKind, string> = {
  RSA: 'an RSA private key without a passphrase, in PEM form: the whole text from -----BEGIN PRIVATE KEY----- (or -----BEGIN RSA PRIVATE KEY-----) to the END line',
  EC: 'an elliptic curve private key without a passphrase, in PEM form: the whole text of the .p8 or .pem file, from -----BEGIN PRIVATE KEY----- to the END line',
};

const typeOf: Record<PrivateKeyKind, string> = { RSA: 'rsa', EC: 'ec' };

/**
 * A private key that somebody pasted: PEM of any dialect, also with its line breaks written as `\n` or lost, or its base64 alone.
 *
 * @throws AppError `invalid_credential_format` which names the field and the right form, never the key
 */
export function parsePrivateKey(text: string, kind: PrivateKeyKind, field: string): KeyObject {
  const key = readKey(text);
  if (key?.asymmetricKeyType === typeOf[kind]) return key;
  throw credentialFormatError(field, `must be ${formOf[kind]}`);
}

/** Base64 of the SHA-256 of the public key's DER form, which is how Snowflake names a key; nothing for a text that is no key. */
export function publicKeyFingerprint(text: string): string | undefined {
  const key = readKey(text);
  return (
    key &&
    createHash('sha256')
      .update(createPublicKey(key).export({ type: 'spki', format: 'der' }))
      .digest('base64')
  );
}

function readKey(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(toPem(text));
  } catch {
    // What the crypto library complains of may quote the key.
    return undefined;
  }
}

/** PEM with its lines as they should be: forms and environment variables lose or escape them. */
function toPem(text: string): string {
  const [, label = 'PRIVATE KEY', body = text] = /-----BEGIN ([A-Z ]+)-----(.*?)-----END/s.exec(text.replaceAll('\\n', '\n')) ?? [];
  const lines = body.replaceAll(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
