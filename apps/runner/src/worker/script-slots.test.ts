import { expect, it } from 'vitest';
import { ScriptSlots } from './script-slots.js';

const never = new AbortController().signal;
const isOpen = async (promise: Promise<unknown>) => (await Promise.race([promise, Promise.resolve('open')])) === 'open';

it('hands out as many slots as there are, and the next one when one comes back', async () => {
  const slots = new ScriptSlots(2);
  await slots.reserveSlot({}, never);
  expect(slots.tryReserveSlot()).not.toBeNull();
  expect(slots.tryReserveSlot()).toBeNull();
  const third = slots.reserveSlot({}, never);
  expect(await isOpen(third)).toBe(true);
  slots.releaseSlot();
  await third;
  expect(slots.tryReserveSlot()).toBeNull();
});

it('lends the slot of a task that waits to another one, and is short of one when it goes on', async () => {
  const slots = new ScriptSlots(1);
  await slots.reserveSlot({}, never);
  slots.lend(1);
  await slots.reserveSlot({}, never);
  slots.lend(-1);
  slots.releaseSlot();
  expect(slots.tryReserveSlot()).toBeNull();
  slots.releaseSlot();
  expect(slots.tryReserveSlot()).not.toBeNull();
});

it('forgets who gives up', async () => {
  const slots = new ScriptSlots(0);
  const asking = new AbortController();
  const asked = slots.reserveSlot({}, asking.signal);
  asking.abort();
  await expect(asked).rejects.toBe(asking.signal.reason);
  slots.releaseSlot();
  expect(slots.tryReserveSlot()).not.toBeNull();
});
