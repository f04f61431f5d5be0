type Read = { done: boolean; value: Uint8Array | undefined };

/** A body as `response.body` gives it: a stream of one piece, since answers are whole. Read once, by one reader. */
export class FetchBody {
  readonly #bytes: Uint8Array;
  #isUsed = false;
  #isLocked = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isUsed(): boolean {
    return this.#isUsed;
  }

  get locked(): boolean {
    return this.#isLocked;
  }

  /** The bytes, without being read. */
  peek(): Uint8Array {
    return this.#bytes;
  }

  take(): Uint8Array {
    if (this.#isUsed || this.#isLocked) throw new TypeError('Body is unusable: Body has already been read');
    this.#isUsed = true;
    return this.#bytes;
  }

  getReader() {
    if (this.#isLocked) throw new TypeError('Invalid state: ReadableStream is locked');
    this.#isLocked = true;
    return {
      read: async (): Promise<Read> => this.#read(),
      cancel: async (): Promise<void> => void this.#read(),
      releaseLock: (): void => void (this.#isLocked = false),
    };
  }

  async cancel(): Promise<void> {
    this.#isUsed = true;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { read } = this.getReader();
    const { value } = await read();
    if (value) yield value;
  }

  pipeTo(): never {
    return refuse('pipeTo');
  }

  pipeThrough(): never {
    return refuse('pipeThrough');
  }

  tee(): never {
    return refuse('tee');
  }

  #read(): Read {
    const value = this.#isUsed ? undefined : this.#bytes;
    this.#isUsed = true;
    return { done: value === undefined, value };
  }
}

function refuse(name: string): never {
  throw new TypeError(`response.body.${name}() is not available in scripts; use response.bytes(), response.clone() or a loop over response.body`);
}
