type Listener = (...args: unknown[]) => void;

/** A body that has arrived, read as a stream: by `for await`, or by `on('data')` and `on('end')`. */
export class ByteStream {
  readonly #bytes: Uint8Array;
  readonly #listeners: Record<string, Listener[]> = {};
  #started = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  on(event: string, listener: Listener): this {
    (this.#listeners[event] ??= []).push(listener);
    if (event === 'data' || event === 'end') this.#start();
    return this;
  }

  once(event: string, listener: Listener): this {
    return this.on(event, listener);
  }

  setEncoding(): this {
    return this;
  }

  destroy(): this {
    this.#started = true;
    return this;
  }

  pipe<T extends { write(chunk: unknown): unknown; end(): unknown }>(target: T): T {
    this.on('data', (chunk) => target.write(chunk)).on('end', () => target.end());
    return target;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    this.#started = true;
    if (this.#bytes.byteLength > 0) yield this.#bytes;
  }

  /** After the listeners of this turn are in place. */
  #start(): void {
    if (this.#started) return;
    this.#started = true;
    queueMicrotask(() => {
      if (this.#bytes.byteLength > 0) this.#emit('data', this.#bytes);
      this.#emit('end');
      this.#emit('close');
    });
  }

  #emit(event: string, ...args: unknown[]): void {
    for (const listener of this.#listeners[event] ?? []) listener(...args);
  }
}
