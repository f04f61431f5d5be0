import { describe, expect, it } from 'vitest';
import { mergeTape } from './tape.js';

describe('the tape of an execution', () => {
  it('is put together of pieces that overlap, in whatever order they were stored', () => {
    expect(
      mergeTape([
        { generation: 1, from: 4, text: 'efgh' },
        { generation: 1, from: 0, text: 'ab' },
        { generation: 1, from: 0, text: 'abcdef' },
      ]),
    ).toBe('abcdefgh');
    expect(mergeTape([])).toBe('');
  });

  it('goes on where the next attempt went on; what a runner stored that was given up does not count', () => {
    expect(
      mergeTape([
        { generation: 1, from: 0, text: 'abcXYZ' },
        { generation: 3, from: 5, text: 'fg' },
        { generation: 2, from: 3, text: 'de' },
      ]),
    ).toBe('abcdefg');
  });
});
