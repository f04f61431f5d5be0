import { expect, it } from 'vitest';
import { Pace } from './pace.js';

it('lets a burst pass at once and the rest one after another', async () => {
  const pace = new Pace({ perSecond: 100, burst: 10 });
  const startedAt = performance.now();
  const passed: number[] = [];
  await Promise.all(Array.from({ length: 30 }, () => pace.turn().then(() => passed.push(performance.now() - startedAt))));
  expect(passed.filter((ms) => ms < 9)).toHaveLength(10);
  expect(passed.at(-1)).toBeGreaterThan(180);
  expect(passed.at(-1)).toBeLessThan(500);
});
