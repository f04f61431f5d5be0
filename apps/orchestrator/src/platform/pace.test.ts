import { expect, it } from 'vitest';
import { Pace } from './pace.js';

it('lets a burst pass at once and the rest one after another', async () => {
  const pace = new Pace({ perSecond: 100, burst: 10 });
  const startedAt = performance.now();
  const passed: number[] = [];
  await Promise.all(Array.from({ length: 30 }, () => pace.turn().then(() => passed.push(performance.now() - startedAt))));
  // Ten without a timer, however slow the machine; then one every 10 ms, which a timer may shorten by one.
  expect(passed.at(-1)! - passed.at(9)!).toBeGreaterThan(170);
  expect(passed.at(-1)! - passed.at(10)!).toBeGreaterThan(160);
  expect(passed.at(-1)).toBeLessThan(500);
});
