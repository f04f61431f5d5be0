/** One message between driver and jail: a JSON head and optional bytes. */
export type Frame = { head: unknown; body: Uint8Array };

const lengths = 8;

/** Two lengths (head, body; 32 bits each), then the head as JSON, then the body. */
export function encodeFrame(head: unknown, body?: Uint8Array | string | null): Uint8Array[] {
  return encodeHead(JSON.stringify(head), body);
}

/** {@link encodeFrame} for a head that is JSON text already. */
export function encodeHead(head: string, body?: Uint8Array | string | null): Uint8Array[] {
  const text = Buffer.from(head);
  const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? new Uint8Array());
  const prefix = Buffer.allocUnsafe(lengths);
  prefix.writeUInt32BE(text.byteLength, 0);
  prefix.writeUInt32BE(bytes.byteLength, 4);
  return bytes.byteLength === 0 ? [prefix, text] : [prefix, text, bytes];
}

/** Cuts a stream of bytes into frames. Throws on one that is larger than allowed, before its bytes are kept. */
export class FrameReader {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #available = 0;
  #size: { head: number; body: number } | null = null;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Frames that are complete with this chunk. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#available += chunk.byteLength;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | null {
    this.#size ??= this.#readSize();
    if (!this.#size || this.#available < this.#size.head + this.#size.body) return null;
    const { head, body } = this.#size;
    this.#size = null;
    return { head: parseHead(this.#take(head).toString('utf8')), body: this.#take(body) };
  }

  #readSize(): { head: number; body: number } | null {
    if (this.#available < lengths) return null;
    const prefix = this.#take(lengths);
    const size = { head: prefix.readUInt32BE(0), body: prefix.readUInt32BE(4) };
    if (size.head + size.body > this.#maxBytes) throw new RangeError(`A frame of ${size.head + size.body} bytes is larger than ${this.#maxBytes}`);
    return size;
  }

  #take(size: number): Buffer {
    const first = this.#chunks[0];
    if (first && first.byteLength >= size) {
      this.#available -= size;
      if (first.byteLength === size) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(size);
      return first.subarray(0, size);
    }
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return size === 0 ? Buffer.alloc(0) : this.#take(size);
  }
}

/** JSON without the one key that means more than itself to whoever copies an object. */
function parseHead(text: string): unknown {
  const mayName = text.includes('__proto__') || /\\u005f/i.test(text);
  return mayName ? JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)) : JSON.parse(text);
}
