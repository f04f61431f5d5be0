import { Buffer } from 'buffer/index.js';
import type { Host } from '../../host.js';
import { base64, type Data, decoded } from './bytes.js';
import { keyArgument, secretBytes } from './key-object.js';

type Options = { authTagLength?: number; plaintextLength?: number };
type Opening = { algorithm: string; key: unknown; iv: Data | null; options?: Options | undefined };

/** `Cipheriv` and `Decipheriv` of Node, all in one; the host keeps what is under way, by number. */
class Cipher {
  readonly #host: Host;
  readonly #id: number;
  #tag: string | null = null;

  constructor(host: Host, decrypts: boolean, { algorithm, key, iv, options }: Opening) {
    const { authTagLength } = options ?? {};
    this.#host = host;
    this.#id = host.compute('crypto.cipher.open', { decrypts, algorithm, key: secretBytes(key), iv: iv === null ? null : base64(iv), authTagLength });
  }

  update(data: Data, inputEncoding?: string, outputEncoding?: string): string | Buffer {
    return decoded(this.#step('update', { data: base64(data, inputEncoding) }), outputEncoding);
  }

  final(outputEncoding?: string): string | Buffer {
    const { data, tag } = this.#step<{ data: string; tag: string | null }>('final');
    this.#tag = tag;
    return decoded(data, outputEncoding);
  }

  setAutoPadding(padding = true): this {
    this.#step('autoPadding', { padding });
    return this;
  }

  setAAD(data: Data, { plaintextLength }: Options = {}): this {
    this.#step('aad', { data: base64(data), plaintextLength });
    return this;
  }

  getAuthTag(): Buffer {
    if (this.#tag === null) throw new Error('There is an authentication tag only after final(), and only of an authenticated cipher');
    return Buffer.from(this.#tag, 'base64');
  }

  setAuthTag(tag: Data, encoding?: string): this {
    this.#step('authTag', { data: base64(tag, encoding) });
    return this;
  }

  #step<T = string>(step: string, args: Record<string, unknown> = {}): T {
    return this.#host.compute<T>('crypto.cipher.step', { id: this.#id, step, ...args });
  }
}

/** Symmetric ciphers, and what RSA keys encrypt. */
export function makeCiphers(host: Host) {
  const rsa = (operation: string) => (key: unknown, data: Data) =>
    decoded(host.compute(operation === 'publicEncrypt' ? 'crypto.publicEncrypt' : 'crypto.rsa', { operation, key: keyArgument(key), data: base64(data) }));
  return {
    createCipheriv: (algorithm: string, key: unknown, ...[iv, options]: [Data | null, Options?]) => new Cipher(host, false, { algorithm, key, iv, options }),
    createDecipheriv: (algorithm: string, key: unknown, ...[iv, options]: [Data | null, Options?]) => new Cipher(host, true, { algorithm, key, iv, options }),
    publicEncrypt: rsa('publicEncrypt'),
    privateDecrypt: rsa('privateDecrypt'),
    privateEncrypt: rsa('privateEncrypt'),
    publicDecrypt: rsa('publicDecrypt'),
  };
}
