import fc from 'fast-check';
import { EgressEntry } from 'model';
import { expect, it } from 'vitest';
import { EgressPolicy } from './policy.js';

const piece = fc.constantFrom(
  'a',
  'b-c',
  '_x',
  '10',
  '0',
  '1.2.3.4',
  '::',
  'fd00::1',
  '*.',
  '.',
  ':',
  '[',
  ']',
  '/',
  '8',
  '443',
  '70000',
  'example.com',
  '-',
  ' ',
);

it('whatever the settings take as an entry, the guard can read', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), (pieces) => {
      const entry = EgressEntry.safeParse(pieces.join(''));
      if (!entry.success) return;
      taken++;
      expect(() => new EgressPolicy({ allow: [entry.data], deny: [entry.data] })).not.toThrow();
    }),
    { numRuns: 20_000, seed: 5 },
  );
  expect(taken).toBeGreaterThan(500);
});
