import { Buffer } from 'buffer/index.js';

type Alphabet = { alphabet?: 'base64' | 'base64url'; omitPadding?: boolean };
type Native = { toBase64(options?: Alphabet): string; toHex(): string };

/** The same bytes as a Buffer, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  // Bytes of shared memory work all the same; only the package's types do not know them.
  return Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
}

/** The `buffer` package knows no base64url and is slow at base64 and hex; the language has both. */
export function completeBuffer(): void {
  const { toString } = Buffer.prototype;
  const { from, isEncoding, byteLength } = Buffer;
  Object.assign(Buffer, {
    from: (value: unknown, ...rest: unknown[]) =>
      typeof value === 'string' && isUrl(rest[0]) ? from(toStandard(value), 'base64') : Reflect.apply(from, Buffer, [value, ...rest]),
    isEncoding: (encoding: string) => isUrl(encoding) || isEncoding(encoding),
    byteLength: (value: string, encoding?: 'utf8') => (isUrl(encoding) ? from(toStandard(value), 'base64').length : byteLength(value, encoding)),
  });
  Buffer.prototype.toString = function (this: Buffer, encoding?: 'utf8', start?: number, end?: number): string {
    const whole = start === undefined && end === undefined;
    if (whole && encoding !== undefined) {
      const bytes = this as unknown as Native;
      const name = String(encoding).toLowerCase();
      if (name === 'base64') return bytes.toBase64();
      if (name === 'base64url') return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
      if (name === 'hex') return bytes.toHex();
    }
    return isUrl(encoding) ? (this.subarray(start, end) as Buffer).toString('base64url' as 'utf8') : toString.call(this, encoding, start, end);
  };
}

function isUrl(encoding: unknown): boolean {
  return typeof encoding === 'string' && encoding.toLowerCase() === 'base64url';
}

function toStandard(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/');
}
