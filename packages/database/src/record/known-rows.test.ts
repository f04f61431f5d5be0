import { describe, expect, it } from 'vitest';
import { KnownRows } from './known-rows.js';

const hashOf = (n: number): string => Buffer.alloc(16, n & 255).toString('latin1');

describe('rows in memory', () => {
  it('come back as they were put in, also after growing', () => {
    const rows = new KnownRows();
    for (let n = 0; n < 5000; n++) rows.set({ externalId: `r${n}`, hash: hashOf(n), rowNumber: n * 2, deleted: n % 2 === 1, pruned: n % 3 === 0 });
    expect(rows.size).toBe(5000);
    for (const n of [0, 1, 1023, 1024, 4999]) {
      expect(rows.get(`r${n}`)).toEqual({ externalId: `r${n}`, hash: hashOf(n), rowNumber: n * 2, deleted: n % 2 === 1, pruned: n % 3 === 0, foreign: false });
    }
    expect(rows.get('r5000')).toBeUndefined();
  });

  it('are replaced in place', () => {
    const rows = new KnownRows();
    rows.set({ externalId: 'a', hash: hashOf(1), rowNumber: 4, deleted: false, pruned: false });
    rows.set({ externalId: 'a', hash: hashOf(255), rowNumber: 4, deleted: true, pruned: false });
    expect([rows.size, rows.get('a')]).toEqual([1, { externalId: 'a', hash: hashOf(255), rowNumber: 4, deleted: true, pruned: false, foreign: false }]);
  });
});
