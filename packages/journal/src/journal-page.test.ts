import { expect, it } from 'vitest';
import { decodeAnswer, encodeAnswer } from './external-answer.js';
import { decodePage, encodePage, type JournalItem } from './journal-page.js';
import { pack, unpack } from './packed.js';

it('a page of a journal comes back as it was', () => {
  const items: JournalItem[] = [
    { seq: 1, call: 'get:a:0', state: 'done', outside: false, packed: Buffer.from([0, 255, 10]) },
    { seq: 7, call: 'post:ü:0', state: 'intent', outside: true, packed: new Uint8Array() },
  ];
  expect(decodePage(encodePage(items)).map((item) => ({ ...item, packed: [...item.packed] }))).toEqual(
    items.map((item) => ({ ...item, packed: [...item.packed] })),
  );
  expect(decodePage(new Uint8Array())).toEqual([]);
});

it.each([0, 100, 10_000, 100_000])('an answer of %i bytes comes back as it was, and smaller where that pays', async (size) => {
  const body = Buffer.from('{"id":1}\n\n'.repeat(size / 10));
  const answer = { status: 200, statusText: 'OK', headers: { 'content-type': 'application/json', link: ['a', 'b'] } };
  const packed = await pack(encodeAnswer({ answer, body }));
  expect(packed.byteLength).toBeLessThan(Math.max(300, size / 10));
  const read = decodeAnswer(await unpack(packed));
  expect(read.answer).toEqual(answer);
  expect(Buffer.from(read.body).equals(body)).toBe(true);
});
