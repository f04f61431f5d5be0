import { Buffer } from 'buffer/index.js';
import type { Host } from '../../host.js';
import { base64, type Data, decoded, toBuffer } from './bytes.js';

/** A key as the host takes it: PEM text, DER bytes or a JWK, and how it is used. */
export type KeyArgument = { text?: string; bytes?: string; jwk?: unknown } & Record<string, unknown>;

type Kind = 'secret' | 'public' | 'private';
type Details = { pem: string; asymmetricKeyType: string; asymmetricKeyDetails: Record<string, unknown> };
type Exported = { text?: string; bytes?: string; jwk?: unknown };
type Encoding = { format?: string; type?: string; cipher?: string; passphrase?: unknown };

const keyOptions = ['format', 'type', 'padding', 'saltLength', 'dsaEncoding', 'oaepHash'] as const;

/** A key that was read once; the host sees it anew with each use. Never holds an object of the host. */
export class KeyObject {
  readonly #host: Host;
  readonly #material: string;
  readonly type: Kind;
  readonly asymmetricKeyType: string | undefined;
  readonly asymmetricKeyDetails: Record<string, unknown> | undefined;

  /** @param material PEM, or for a secret key base64 */
  constructor(host: Host, type: Kind, material: string, details?: Details) {
    this.#host = host;
    this.#material = material;
    this.type = type;
    this.asymmetricKeyType = details?.asymmetricKeyType;
    this.asymmetricKeyDetails = details?.asymmetricKeyDetails;
  }

  get symmetricKeySize(): number | undefined {
    return this.type === 'secret' ? Buffer.from(this.#material, 'base64').length : undefined;
  }

  export(encoding: Encoding = {}): unknown {
    if (this.type === 'secret') return this.#exportSecret(encoding);
    const { format, type, cipher, passphrase } = encoding;
    const asked = { kind: this.type, pem: this.#material, format, type, cipher, ...textOf('passphrase', passphrase) };
    const { text, bytes, jwk } = this.#host.compute<Exported>('crypto.key.export', asked);
    return text ?? (bytes === undefined ? jwk : decoded(bytes));
  }

  equals(other: KeyObject): boolean {
    return this.type === other.type && this.#material === other.#material;
  }

  /** As the host takes it. */
  static argumentOf(key: KeyObject): KeyArgument {
    return key.type === 'secret' ? { bytes: key.#material } : { text: key.#material };
  }

  #exportSecret({ format }: Encoding): unknown {
    const bytes = Buffer.from(this.#material, 'base64');
    return format === 'jwk' ? { kty: 'oct', k: bytes.toString('base64url' as 'utf8') } : bytes;
  }
}

/** `createSecretKey`, `createPrivateKey`, `createPublicKey`. */
export function makeKeys(host: Host) {
  const read = (kind: 'private' | 'public', key: unknown): KeyObject => {
    const details = host.compute<Details>('crypto.key', { kind, key: keyArgument(key) });
    return new KeyObject(host, kind, details.pem, details);
  };
  return {
    createSecretKey: (key: Data, encoding?: string) => new KeyObject(host, 'secret', base64(key, encoding)),
    createPrivateKey: (key: unknown) => read('private', key),
    createPublicKey: (key: unknown) => read('public', key),
  };
}

/** A PEM text, bytes, a {@link KeyObject}, or an object around one of them. */
export function keyArgument(key: unknown): KeyArgument {
  if (key instanceof KeyObject) return KeyObject.argumentOf(key);
  if (typeof key === 'string') return { text: key };
  if (isBytes(key)) return { bytes: base64(key) };
  if (typeof key !== 'object' || key === null) throw new TypeError('A key is a text, a Buffer, a KeyObject, or an object with one as its key');
  const { key: inner, passphrase, oaepLabel, ...options } = key as Record<string, unknown>;
  const known = Object.fromEntries(keyOptions.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
  const found = options['format'] === 'jwk' && !(inner instanceof KeyObject) ? { jwk: inner } : keyArgument(inner);
  return { ...found, ...known, ...textOf('passphrase', passphrase), ...(isBytes(oaepLabel) ? { oaepLabel: base64(oaepLabel) } : {}) };
}

/** The bytes of a secret. */
export function secretBytes(key: unknown): string {
  if (!(key instanceof KeyObject)) return base64(key as Data);
  if (key.type !== 'secret') throw new TypeError(`A secret key is needed here, not a ${key.type} one`);
  return KeyObject.argumentOf(key).bytes ?? '';
}

function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

function textOf(name: string, value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  return { [name]: isBytes(value) ? toBuffer(value).toString('utf8') : String(value) };
}
