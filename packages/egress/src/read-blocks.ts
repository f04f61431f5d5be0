import type { Socket } from 'node:net';

/** As much as one read of a socket brings. */
const blockBytes = 64 * 1024;
/** Less than this is copied out of its block. */
const smallBytes = 4 * 1024;
const mostFree = 256;

const free: Buffer[] = [];
/** How much of a block its last read has filled, while somebody holds it. */
const filled = new WeakMap<ArrayBufferLike, number>();

/**
 * For `net.connect`: reads into blocks that are used again, where Node would allocate memory for each read. All that memory
 * lies outside the heap, and V8 marks the whole heap anew for every 64 MB of it, which cost more than the reads themselves.
 */
export const readIntoBlocks = {
  buffer: (): Buffer => free.pop() ?? Buffer.allocUnsafeSlow(blockBytes),
  callback(this: Socket, size: number, block: Uint8Array): boolean {
    if (size >= smallBytes) {
      filled.set(block.buffer, size);
      return this.push(Buffer.from(block.buffer, 0, size));
    }
    const copy = Buffer.from(block.subarray(0, size));
    giveBack(block.buffer);
    return this.push(copy);
  },
};

/**
 * What is to be called once a part of a body was written: gives back the block that it lies in. Only a part that is all that was
 * read into its block has one: of any other block somebody may still hold the rest, a header for example.
 */
export function whenWritten(part: Uint8Array): ((error?: Error | null) => void) | undefined {
  const block = part.buffer;
  if (part.byteOffset !== 0 || filled.get(block) !== part.byteLength) return undefined;
  return (error) => {
    if (!error) giveBack(block);
  };
}

function giveBack(block: ArrayBufferLike): void {
  filled.delete(block);
  if (free.length < mostFree) free.push(Buffer.from(block));
}
