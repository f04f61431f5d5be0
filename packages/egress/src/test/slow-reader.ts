import { Writable } from 'node:stream';
import type { Answer } from '../answer.js';

/** Reads an answer's body a millisecond a part; tells how many bytes came. */
export async function readSlowly(answer: Answer): Promise<number> {
  let size = 0;
  const slow = new Writable({
    highWaterMark: 64 * 1024,
    write(chunk: Buffer, _, done) {
      size += chunk.length;
      setTimeout(done, 1);
    },
  });
  await answer.pipe(slow);
  await new Promise((resolve) => slow.once('finish', resolve));
  return size;
}
