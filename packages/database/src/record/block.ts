import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import type { Sealer } from './sealer.js';

/** Where payloads may be put together: what is saved together is read together. */
const mostPayloads = 128;
const mostBytes = 64 * 1024;

const compressAside = promisify(zstdCompress);
const decompressAside = promisify(zstdDecompress);
const params = { [constants.ZSTD_c_compressionLevel]: 1 };

/** A payload's place: which of the save's blocks, and which line of it. */
export type Place = { block: number; slot: number };

/** Divides payloads, in their order, into blocks of at most 128 and, unless one alone is larger, 64 KB. */
export function pack(texts: string[]): { blocks: string[][]; places: Place[] } {
  const blocks: string[][] = [];
  const places: Place[] = [];
  let bytes = 0;
  for (const text of texts) {
    const size = Buffer.byteLength(text) + 1;
    let block = blocks.at(-1);
    if (!block || block.length === mostPayloads || bytes + size > mostBytes) {
      blocks.push((block = []));
      bytes = 0;
    }
    bytes += size;
    places.push({ block: blocks.length - 1, slot: block.push(text) - 1 });
  }
  return { blocks, places };
}

/**
 * Blocks of one model, sealed and opened. The payloads are lines: JSON text holds no newline.
 * A block of the usual size is compressed on the spot: handing it to a thread and back takes longer than the work.
 */
export class BlockSealer {
  constructor(
    private readonly sealer: Sealer,
    private readonly environmentId: number,
    private readonly modelId: number,
  ) {}

  async seal(texts: string[]): Promise<Uint8Array> {
    const plain = texts.join('\n');
    const packed = plain.length <= mostBytes ? zstdCompressSync(plain, { params }) : await compressAside(plain, { params });
    return this.sealer.seal(this.environmentId, this.#purpose, packed);
  }

  async open(sealed: Uint8Array): Promise<string[]> {
    const packed = await this.sealer.open(this.environmentId, this.#purpose, sealed);
    const plain = packed.length <= mostBytes ? zstdDecompressSync(packed, { chunkSize: mostBytes }) : await decompressAside(packed);
    return plain.toString().split('\n');
  }

  // The model is bound in: a block moved to another connection does not open.
  get #purpose(): string {
    return `record_block/${this.modelId}`;
  }
}
