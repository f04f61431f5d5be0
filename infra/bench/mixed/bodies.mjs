import { createHash } from 'node:crypto';

const longest = 4_000_000;
/** No stretch of it looks like another one. */
const noise = Buffer.concat(Array.from({ length: longest / 32 + 1024 }, (_, index) => createHash('sha256').update(String(index)).digest()));

/** So many bytes that follow from the seed. */
export function bodyOf(seed, bytes) {
  const from = (seed * 2_654_435_761) % 32_749;
  return noise.subarray(from, from + bytes);
}

/** What a body's reader compares. */
export const digest = (body) => createHash('sha256').update(body).digest('hex');
