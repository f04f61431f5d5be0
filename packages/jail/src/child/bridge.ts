import { read, writeSync } from 'node:fs';
import { FrameReader } from '../frame.js';

/** The parent is trusted; this only keeps a broken length from being believed. */
const maxFrameBytes = 1024 * 1024 * 1024;
const chunkBytes = 256 * 1024;

/**
 * The jail's end of the descriptor to its parent. Reads on the thread pool and writes at once: `node:net` would do
 * the same and cost every start of a jail 9 ms. The parent always reads, so a write never waits for long.
 */
export class Bridge {
  readonly #descriptor: number;
  readonly #closed: () => void;
  readonly #reader = new FrameReader(maxFrameBytes);
  readonly #chunk = Buffer.allocUnsafe(chunkBytes);

  constructor(descriptor: number, closed: () => void) {
    this.#descriptor = descriptor;
    this.#closed = closed;
  }

  listen(receive: (head: unknown, body: Uint8Array) => void): void {
    read(this.#descriptor, this.#chunk, 0, chunkBytes, null, (error, size) => {
      if (error || size === 0) return this.#closed();
      for (const { head, body } of this.#reader.push(Buffer.from(this.#chunk.subarray(0, size)))) receive(head, body);
      return this.listen(receive);
    });
  }

  write(chunks: Uint8Array[]): void {
    const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    for (let at = 0; at < bytes.byteLength;) at += writeSync(this.#descriptor, bytes, at);
  }
}
