import { createLogger } from 'service';
import { expect, it } from 'vitest';
import { Periodic } from './periodic.js';

const logger = createLogger('test', { level: 'silent' });
const ms = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

it('does its work at once, again when asked, and on after a failure', async () => {
  let rounds = 0;
  const work = new Periodic('counting', 60_000, logger, async () => {
    rounds += 1;
    if (rounds === 1) throw new Error('first');
  });
  await ms(5);
  expect(rounds).toBe(1);
  work.now();
  await ms(5);
  expect(rounds).toBe(2);
  await work.stop();
});

it('never works twice at a time, and once more when asked meanwhile', async () => {
  let [active, most, rounds] = [0, 0, 0];
  const work = new Periodic('slow', 60_000, logger, async () => {
    most = Math.max(most, (active += 1));
    await ms(10);
    active -= 1;
    rounds += 1;
  });
  work.now();
  work.now();
  await ms(35);
  expect([most, rounds]).toEqual([1, 2]);
  await work.stop();
});

it('has ended when stop says so', async () => {
  let done = false;
  const work = new Periodic('slow', 1, logger, async () => {
    await ms(10);
    done = true;
  });
  await work.stop();
  expect(done).toBe(true);
});
