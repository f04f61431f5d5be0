import { expect, it } from 'vitest';
import { FloodGuard } from './flood-guard.js';

function passes(guard: FloodGuard, messages: number): boolean {
  return Array.from({ length: messages }, () => guard.pass()).every(Boolean);
}

it('lets a burst pass, and no flood', () => {
  expect(passes(new FloodGuard(0), 20_000)).toBe(true);
  expect(passes(new FloodGuard(0), 40_000)).toBe(false);
});

it('lets a run that is resumed make its calls again at once', () => {
  expect(passes(new FloodGuard(0, 100_000), 120_000)).toBe(true);
});

it('does not believe a tape that claims to hold more than any run does', () => {
  expect(passes(new FloodGuard(0, Infinity), 1_500_000)).toBe(false);
});
