import { expect, it } from 'vitest';
import { seenChunks } from './seen.js';

it('sets one bit per row, first row first, in chunks of 4096', () => {
  const chunks = seenChunks([0, 7, 8, 4095, 4096, 12_288]);
  expect(chunks.map(({ chunk }) => chunk)).toEqual([0, 1, 3]);
  expect(chunks[0]!.bits).toBe(`x8180${'00'.repeat(509)}01`);
  expect(chunks[1]!.bits).toBe(`x80${'00'.repeat(511)}`);
});
