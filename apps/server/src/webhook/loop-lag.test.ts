import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LoopLag } from './loop-lag.js';

it('says how long the event loop has been kept from coming round, while it is and right after', async () => {
  const lag = new LoopLag();
  await sleep(100);
  const until = performance.now() + 200;
  while (performance.now() < until);
  expect(lag.ms).toBeGreaterThan(150);
  await expect.poll(() => lag.ms, { timeout: 5_000 }).toBeLessThan(50);
});
