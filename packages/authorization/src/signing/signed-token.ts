import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { credentialFormatError } from '../credential-format.js';
import { parsePrivateKey } from './private-key.js';

/** How a token is signed, in the catalogue's words. */
export type TokenSignature = { protocol: 'RSA' | 'HMAC' | 'EC'; hmac_secret_encoding?: 'utf8' | 'hex' | 'base64' | undefined };

/** A JSON Web Token to be made. `field` is what the user calls the key. */
export type UnsignedToken = {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
  signature: TokenSignature;
  key: string;
  field: string;
};

const algorithms: Record<TokenSignature['protocol'], string> = { RSA: 'RS256', HMAC: 'HS256', EC: 'ES256' };

/**
 * Signs a JSON Web Token (RFC 7519), with the algorithm that its header names, else RS256, HS256 or ES256.
 *
 * @throws AppError `invalid_credential_format` when the key is none, or of another kind; the message names its field, never the key
 */
export async function signToken({ header, payload, signature, key, field }: UnsignedToken): Promise<string> {
  const alg = typeof header['alg'] === 'string' ? header['alg'] : algorithms[signature.protocol];
  const signingKey = signature.protocol === 'HMAC' ? secretBytes(key, signature.hmac_secret_encoding, field) : parsePrivateKey(key, signature.protocol, field);
  return sign(new SignJWT(payload).setProtectedHeader({ typ: 'JWT', ...header, alg }), signingKey, { alg, field });
}

async function sign(token: SignJWT, key: KeyObject | Uint8Array, { alg, field }: { alg: string; field: string }): Promise<string> {
  try {
    return await token.sign(key);
  } catch {
    // A key of the right kind that the algorithm does not take: of another curve, or an RSA key of less than 2,048 bits.
    throw credentialFormatError(field, `cannot sign with ${alg}: use a key that was made for it`);
  }
}

const encodedSecrets = { hex: /^([0-9a-f]{2})+$/i, base64: /^[A-Za-z0-9+/_-]+={0,2}$/, utf8: /./s };

function secretBytes(secret: string, encoding: keyof typeof encodedSecrets = 'utf8', field: string): Uint8Array {
  const text = encoding === 'utf8' ? secret : secret.trim();
  if (encodedSecrets[encoding].test(text)) return Buffer.from(text, encoding);
  throw credentialFormatError(field, encoding === 'utf8' ? 'is empty' : `must be written in ${encoding === 'hex' ? 'hexadecimal digits' : 'base64'}`);
}
