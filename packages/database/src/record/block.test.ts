import { expect, it } from 'vitest';
import { aSealer } from '../test/sealer.js';
import { BlockSealer, pack } from './block.js';

const sizes = (texts: string[]): number[] => pack(texts).blocks.map((block) => block.length);

it('packs at most 128 payloads and 64 KB, and one larger payload alone', () => {
  expect(sizes(Array.from({ length: 300 }, () => 'x'))).toEqual([128, 128, 44]);
  expect(sizes(Array.from({ length: 5 }, () => 'x'.repeat(20_000)))).toEqual([3, 2]);
  expect(sizes(['a', 'x'.repeat(100_000), 'b'])).toEqual([1, 1, 1]);
  expect(sizes([])).toEqual([]);
});

it('counts bytes, not characters', () => {
  expect(pack(Array.from({ length: 3 }, () => '€'.repeat(12_000))).blocks).toHaveLength(3);
});

it('says where each payload lies', () => {
  const { places } = pack(Array.from({ length: 130 }, (_, n) => `${n}`));
  expect(places[127]).toEqual({ block: 0, slot: 127 });
  expect(places[128]).toEqual({ block: 1, slot: 0 });
});

it('opens what it sealed, but not as another model or environment', async () => {
  const sealer = aSealer();
  const texts = ['{"a":"line\\nbreak"}', '{"b":"ünï€"}'];
  const sealed = await new BlockSealer(sealer, 1, 1).seal(texts);
  expect(await new BlockSealer(sealer, 1, 1).open(sealed)).toEqual(texts);
  await expect(new BlockSealer(sealer, 1, 2).open(sealed)).rejects.toThrow('unable to authenticate');
  await expect(new BlockSealer(sealer, 2, 1).open(sealed)).rejects.toThrow('unable to authenticate');
});
