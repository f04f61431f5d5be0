import { describe, expect, it } from 'vitest';
import { SignInLimit } from './sign-in-limit.js';

describe('the limit of failed sign-ins', () => {
  it('lets nobody try after the last failure, until the quarter of an hour is over', () => {
    const limit = new SignInLimit(2);
    limit.failed('a', 0);
    expect(limit.waitMs('a', 1)).toBe(0);
    limit.failed('a', 60_000);
    expect(limit.waitMs('a', 60_000)).toBe(14 * 60_000);
    expect(limit.waitMs('a', 15 * 60_000)).toBe(0);
    expect(limit.waitMs('b', 60_000)).toBe(0);
  });

  it('starts over after a success', () => {
    const limit = new SignInLimit(1);
    limit.failed('a', 0);
    limit.succeeded('a');
    expect(limit.waitMs('a', 1)).toBe(0);
  });

  it('remembers a bounded number of names, the latest ones', () => {
    const limit = new SignInLimit(1);
    for (let n = 0; n <= 10_000; n += 1) limit.failed(`name${n}`, 0);
    expect([limit.waitMs('name0', 1), limit.waitMs('name10000', 1) > 0]).toEqual([0, true]);
  });
});
