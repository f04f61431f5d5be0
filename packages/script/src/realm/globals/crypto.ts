import { Buffer } from 'buffer/index.js';
import type { Host } from '../host.js';
import { apply, Bytes } from '../intrinsics.js';

type Data = string | Uint8Array;

/** The part of `node:crypto` that scripts need: digests, signatures, randomness. No keys are made or kept. */
export function makeCrypto(host: Host): Record<string, unknown> {
  const randomBytes = (size: number): Buffer => fill(host, Buffer.alloc(size));
  const getRandomValues = <T extends Uint8Array>(array: T): T => {
    fill(host, new Bytes(array.buffer, array.byteOffset, array.byteLength));
    return array;
  };
  return {
    createHash: (algorithm: string) => new Digest((data) => host.compute('crypto.hash', { algorithm, data })),
    createHmac: (algorithm: string, key: Data) => new Digest((data) => host.compute('crypto.hmac', { algorithm, key: base64(key), data })),
    createSign: (algorithm: string) => new Signer((data, key) => host.compute('crypto.sign', { algorithm, data, ...keyOf(key) })),
    createVerify: (algorithm: string) => new Verifier((data, key, signature) => host.compute('crypto.verify', { algorithm, data, signature, ...keyOf(key) })),
    hash: (algorithm: string, data: Data, encoding = 'hex') => encoded(host.compute('crypto.hash', { algorithm, data: base64(data) }), encoding),
    pbkdf2Sync: (password: Data, salt: Data, iterations: number, size: number, algorithm: string) =>
      Buffer.from(host.compute<string>('crypto.pbkdf2', { password: base64(password), salt: base64(salt), iterations, size, algorithm }), 'base64'),
    randomBytes,
    randomUUID: () => uuid(randomBytes(16)),
    randomInt: (min: number, max?: number) => randomInt(randomBytes(6), max === undefined ? 0 : min, max ?? min),
    getRandomValues,
    timingSafeEqual,
  };
}

const { setFromHex } = Bytes.prototype as unknown as { setFromHex: (hex: string) => unknown };

function fill<T extends Uint8Array>(host: Host, bytes: T): T {
  if (bytes.byteLength > 0) apply(setFromHex, bytes, [host.randomBytes(bytes.byteLength)]);
  return bytes;
}

/** Collects data until it is asked for the result. */
class Collector {
  readonly #parts: Buffer[] = [];

  update(data: Data, encoding?: string): this {
    this.#parts.push(typeof data === 'string' ? Buffer.from(data, encoding as 'utf8') : Buffer.from(data));
    return this;
  }

  protected collected(): string {
    return Buffer.concat(this.#parts).toString('base64');
  }
}

class Digest extends Collector {
  readonly #compute: (data: string) => string;

  constructor(compute: (data: string) => string) {
    super();
    this.#compute = compute;
  }

  digest(encoding?: string): string | Buffer {
    return encoded(this.#compute(this.collected()), encoding);
  }
}

class Signer extends Collector {
  readonly #compute: (data: string, key: unknown) => string;

  constructor(compute: (data: string, key: unknown) => string) {
    super();
    this.#compute = compute;
  }

  end(): this {
    return this;
  }

  sign(key: unknown, encoding?: string): string | Buffer {
    return encoded(this.#compute(this.collected(), key), encoding);
  }
}

class Verifier extends Collector {
  readonly #compute: (data: string, key: unknown, signature: string) => boolean;

  constructor(compute: (data: string, key: unknown, signature: string) => boolean) {
    super();
    this.#compute = compute;
  }

  end(): this {
    return this;
  }

  verify(key: unknown, signature: Data, encoding?: string): boolean {
    return this.#compute(
      this.collected(),
      key,
      typeof signature === 'string' ? Buffer.from(signature, encoding as 'utf8').toString('base64') : base64(signature),
    );
  }
}

function encoded(result: string, encoding?: string): string | Buffer {
  const bytes = Buffer.from(result, 'base64');
  return encoding === undefined || encoding === 'buffer' ? bytes : bytes.toString(encoding as 'hex');
}

function base64(data: Data): string {
  return Buffer.from(data as Uint8Array).toString('base64');
}

/** A PEM text, or `{ key, passphrase }` around one. */
function keyOf(key: unknown): Record<string, unknown> {
  if (typeof key !== 'object' || key === null || key instanceof Uint8Array) return { key: toText(key) };
  const { key: pem, passphrase } = key as { key?: unknown; passphrase?: unknown };
  return { key: toText(pem), ...(passphrase === undefined ? {} : { passphrase: String(passphrase) }) };
}

function toText(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value);
}

function uuid(bytes: Buffer): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** 48 random bits spread over the range; even enough for any range a script asks for. */
function randomInt(bytes: Buffer, min: number, max: number): number {
  if (!(max > min)) throw new RangeError('The upper bound must be greater than the lower bound');
  return min + Math.floor((bytes.readUIntBE(0, 6) / 2 ** 48) * (max - min));
}

function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) throw new RangeError('Input buffers must have the same byte length');
  let difference = 0;
  for (let index = 0; index < a.byteLength; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}
