import type { PrivateKeyInput, SignKeyObjectInput } from 'node:crypto';

/** A key as the realm describes it: PEM text, DER bytes in base64 or a JWK, and how it is used. */
export type KeyArgument = { text?: string; bytes?: string; jwk?: unknown; oaepLabel?: string; passphrase?: string } & KeyUse;
type KeyUse = { format?: string; type?: string; padding?: number; saltLength?: number; dsaEncoding?: string; oaepHash?: string };

/** One form for private and public keys. */
type Input = SignKeyObjectInput & Omit<PrivateKeyInput, 'type'> & { type?: 'pkcs1' };

/** What Node's own functions take for the key, with nothing in it that the realm has not named one by one. */
export function keyInput(argument: unknown): Input {
  const { text, bytes, jwk, format, type, padding, saltLength, dsaEncoding, oaepHash, oaepLabel, passphrase } = (argument ?? {}) as KeyArgument;
  const given = {
    key: text ?? (bytes === undefined ? jwk : Buffer.from(bytes, 'base64')),
    format,
    type,
    padding,
    saltLength,
    dsaEncoding,
    oaepHash,
    oaepLabel: oaepLabel === undefined ? undefined : Buffer.from(oaepLabel, 'base64'),
    passphrase,
  };
  // Node checks each of them and refuses what it does not know.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as unknown as Input;
}
