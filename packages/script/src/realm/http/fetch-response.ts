import type { CallAnswer } from 'model';
import type { Answer } from '../bridge.js';
import { TextDecoder } from '../globals/text.js';
import { Bytes } from '../intrinsics.js';

/** An answer as `fetch` gives it, whole from the start. */
export class FetchResponse {
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: FetchHeaders;
  readonly redirected = false;
  readonly #bytes: Uint8Array;
  #used = false;

  constructor(url: string, { value, bytes }: Answer) {
    // The broker answers a call with the answer's status line and headers.
    const { status, statusText, headers } = value as CallAnswer;
    this.url = url;
    this.status = status;
    this.statusText = statusText;
    this.ok = status >= 200 && status < 300;
    this.headers = new FetchHeaders(headers);
    this.#bytes = bytes ?? new Bytes(0);
  }

  get bodyUsed(): boolean {
    return this.#used;
  }

  async bytes(): Promise<Uint8Array> {
    if (this.#used) throw new TypeError('Body is unusable: Body has already been read');
    this.#used = true;
    return this.#bytes;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(await this.bytes()).buffer;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown;
  }
}

/** Headers of an answer; names are found in any case. */
export class FetchHeaders {
  readonly #values: [string, string][];

  constructor(headers: CallAnswer['headers']) {
    this.#values = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]);
  }

  get(name: string): string | null {
    return this.#values.find(([known]) => known === String(name).toLowerCase())?.[1] ?? null;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  forEach(callback: (value: string, name: string, headers: FetchHeaders) => void): void {
    for (const [name, value] of this.#values) callback(value, name, this);
  }

  *entries(): IterableIterator<[string, string]> {
    yield* this.#values;
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.#values) yield name;
  }

  *values(): IterableIterator<string> {
    for (const [, value] of this.#values) yield value;
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}
