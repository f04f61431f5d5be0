import { describe, expect, it } from 'vitest';
import { holdReason } from './verdict.js';

describe('a deletion', () => {
  it.each([
    [{ missing: 0, existing: 0, percent: 50 }, null],
    [{ missing: 0, existing: 100, percent: 0 }, null],
    [{ missing: 1, existing: 1, percent: 50 }, 'all'],
    [{ missing: 500, existing: 500, percent: 100 }, 'all'],
    [{ missing: 18, existing: 19, percent: 50 }, null],
    [{ missing: 10, existing: 20, percent: 50 }, null],
    [{ missing: 11, existing: 20, percent: 50 }, 'share'],
    [{ missing: 19, existing: 20, percent: 100 }, null],
    [{ missing: 1, existing: 20, percent: 0 }, 'share'],
  ])('of %j waits for: %s', (sizes, reason) => {
    expect(holdReason(sizes)).toBe(reason);
  });
});
