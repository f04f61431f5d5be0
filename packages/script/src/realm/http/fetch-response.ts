import type { CallAnswer } from 'model';
import type { Answer } from '../bridge.js';
import { Blob } from '../globals/blob.js';
import { TextDecoder } from '../globals/text.js';
import { Bytes } from '../intrinsics.js';
import { FetchBody } from './fetch-body.js';

/** An answer as `fetch` gives it, whole from the start. */
export class FetchResponse {
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: FetchHeaders;
  readonly redirected = false;
  readonly type = 'basic';
  readonly body: FetchBody | null;
  readonly #answer: Answer;

  constructor(url: string, answer: Answer) {
    const { value, bytes } = answer;
    // The broker answers a call with the answer's status line and headers.
    const { status, statusText, headers } = value as CallAnswer;
    this.url = url;
    this.status = status;
    this.statusText = statusText;
    this.ok = status >= 200 && status < 300;
    this.headers = new FetchHeaders(headers);
    this.#answer = answer;
    this.body = bytes === null || bytes.byteLength === 0 ? null : new FetchBody(bytes);
  }

  get bodyUsed(): boolean {
    return this.body?.isUsed ?? false;
  }

  /** The same answer once more, which is read for itself. */
  clone(): FetchResponse {
    if (this.bodyUsed || this.body?.locked) throw new TypeError('Response.clone: Body has already been consumed.');
    return new FetchResponse(this.url, { ...this.#answer, bytes: this.body ? new Bytes(this.body.peek()) : null });
  }

  async bytes(): Promise<Uint8Array> {
    return this.body?.take() ?? new Bytes(0);
  }

  async blob(): Promise<Blob> {
    return new Blob([await this.bytes()], { type: this.headers.get('content-type') ?? '' });
  }

  async formData(): Promise<never> {
    throw new TypeError('response.formData() is not available in scripts; read response.text() or response.bytes()');
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Bytes(await this.bytes()).buffer;
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

  /** Cookies of an API are not handed to scripts. */
  getSetCookie(): string[] {
    return [];
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
