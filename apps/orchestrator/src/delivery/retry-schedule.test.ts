import { describe, expect, it } from 'vitest';
import { waitAfter, waitsMs } from './retry-schedule.js';

describe('D-11 attempts at a webhook', () => {
  it('are ten, over 75 h 35 m', () => {
    expect(waitsMs).toHaveLength(9);
    expect(waitsMs.reduce((sum, wait) => sum + wait, 0)).toBe((75 * 60 + 35) * 60_000 + 5_000);
    expect(waitAfter(9)).not.toBeNull();
    expect(waitAfter(10)).toBeNull();
  });

  it.each(waitsMs.map((wait, index) => [index + 1, wait]))('wait after failure %i their time, give or take a tenth', (attempts, wait) => {
    expect(waitAfter(attempts, 0)).toBe(Math.round(wait * 0.9));
    expect(waitAfter(attempts, 0.999_999)).toBeLessThanOrEqual(wait * 1.1);
    expect(waitAfter(attempts, 0.5)).toBe(wait);
  });
});
