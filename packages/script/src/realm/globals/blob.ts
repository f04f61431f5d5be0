import { Bytes } from '../intrinsics.js';
import { TextDecoder, TextEncoder } from './text.js';

type Part = string | ArrayBuffer | ArrayBufferView | Blob;

/** `Blob` as the web has it, all of it in memory; it has no `stream()`. */
export class Blob {
  readonly #bytes: Uint8Array;
  readonly type: string;

  constructor(parts: Iterable<Part> = [], { type = '' }: { type?: string } = {}) {
    const pieces = [...parts].map(bytesOf);
    this.#bytes = new Bytes(pieces.reduce((size, piece) => size + piece.byteLength, 0));
    let offset = 0;
    for (const piece of pieces) {
      this.#bytes.set(piece, offset);
      offset += piece.byteLength;
    }
    this.type = String(type).toLowerCase();
  }

  get size(): number {
    return this.#bytes.byteLength;
  }

  async bytes(): Promise<Uint8Array> {
    return new Bytes(this.#bytes);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Bytes(this.#bytes).buffer;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(this.#bytes);
  }

  slice(start?: number, end?: number, type?: string): Blob {
    return new Blob([this.#bytes.slice(start, end)], { type: type ?? '' });
  }

  stream(): never {
    throw new TypeError('blob.stream() is not available in scripts; use blob.bytes()');
  }

  /** What a blob holds, for another one. */
  static bytesOf(blob: Blob): Uint8Array {
    return blob.#bytes;
  }
}

function bytesOf(part: Part): Uint8Array {
  if (part instanceof Blob) return Blob.bytesOf(part);
  if (ArrayBuffer.isView(part)) return new Bytes(part.buffer, part.byteOffset, part.byteLength);
  return part instanceof ArrayBuffer ? new Bytes(part) : new TextEncoder().encode(String(part));
}
