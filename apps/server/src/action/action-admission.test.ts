import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ActionAdmission } from './action-admission.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const [loud, quiet] = [1, 2];

/** Callers who write down when they are let in, and how to send them away again. */
function aDoor(places: number) {
  const admission = new ActionAdmission(places);
  const inside: string[] = [];
  const leave = new Map<string, () => void>();
  const enter = async (name: string, environmentId: number): Promise<void> => {
    const left = await admission.enter(environmentId);
    inside.push(name);
    leave.set(name, left);
  };
  const after = async (ms: number): Promise<string[]> => {
    await vi.advanceTimersByTimeAsync(ms);
    return inside.splice(0);
  };
  return { enter, after, leave: (name: string): void => leave.get(name)?.() };
}

it('lets so many in at a time, in the order they came in', async () => {
  const door = aDoor(2);
  for (const name of ['a', 'b', 'c', 'd']) void door.enter(name, loud);
  expect(await door.after(0)).toEqual(['a', 'b']);
  door.leave('b');
  expect(await door.after(0)).toEqual(['c']);
  door.leave('b');
  expect(await door.after(0)).toEqual([]);
});

it('does not let one environment’s action wait for the flood of another', async () => {
  const door = aDoor(3);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) void door.enter(name, loud);
  void door.enter('mine', quiet);
  expect(await door.after(0)).toEqual(['a', 'b', 'c']);
  door.leave('a');
  expect(await door.after(0)).toEqual(['mine']);
  for (const name of ['b', 'c']) door.leave(name);
  // Three places for two: one each, until the quiet one has not been seen for a second.
  expect(await door.after(0)).toEqual(['d']);
  door.leave('mine');
  expect(await door.after(0)).toEqual([]);
  expect(await door.after(75)).toEqual(['e']);
  await door.after(1_000);
  for (const name of ['g', 'h', 'i']) void door.enter(name, loud);
  expect(await door.after(0)).toEqual(['g', 'h', 'i']);
});

it('starts little of a flood while another environment asks for one action after the other, and all of it otherwise', async () => {
  const door = aDoor(2);
  for (let n = 0; n < 80; n += 1) void door.enter('loud', loud);
  let isMineWaiting = false;
  /** Of a second in which every action takes 20 ms. */
  const startsInASecond = async ({ beside }: { beside: boolean }): Promise<number> => {
    let starts = 0;
    for (let ms = 0; ms < 1_000; ms += 20) {
      if (beside && !isMineWaiting) void door.enter('mine', quiet);
      const names = await door.after(20);
      starts += names.filter((name) => name === 'loud').length;
      isMineWaiting = beside && !names.includes('mine');
      for (const name of names) door.leave(name);
    }
    return starts;
  };
  await startsInASecond({ beside: true });
  expect(await startsInASecond({ beside: true })).toBeLessThanOrEqual(16);
  expect(await startsInASecond({ beside: false })).toBeGreaterThan(40);
});

it('takes turns where there are more environments than places', async () => {
  const door = aDoor(2);
  for (const round of [1, 2]) for (const environment of [1, 2, 3]) void door.enter(`${environment}/${round}`, environment);
  const order: string[] = [];
  for (let round = 0; round < 5; round += 1) order.push(...(await door.after(75)));
  expect(order).toEqual(['1/1', '2/1', '1/2', '2/2', '3/1', '3/2']);
});

it('does not keep a place for what takes long', async () => {
  const door = aDoor(1);
  for (const name of ['slow', 'next']) void door.enter(name, loud);
  expect(await door.after(74)).toEqual(['slow']);
  expect(await door.after(1)).toEqual(['next']);
  door.leave('slow');
  void door.enter('last', loud);
  expect(await door.after(0)).toEqual([]);
});

it('lets anybody have half of the places, however many others are there', async () => {
  const door = aDoor(8);
  for (const environment of [3, 4, 5, 6, 7, 8]) {
    void door.enter('other', environment);
    await door.after(0);
    door.leave('other');
  }
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) void door.enter(name, loud);
  expect(await door.after(0)).toEqual(['a', 'b', 'c', 'd']);
});

it('does not start anything for a caller who has gone', async () => {
  const admission = new ActionAdmission(1);
  await admission.enter(loud);
  const gone = new AbortController();
  const entered = [admission.enter(loud, gone.signal), admission.enter(loud, AbortSignal.abort())].map((each) => each.catch(({ code }) => code));
  gone.abort();
  expect(await Promise.all(entered)).toEqual(['runner_unavailable', 'runner_unavailable']);
  let isInside = false;
  void admission.enter(quiet).then(() => (isInside = true));
  await vi.advanceTimersByTimeAsync(75);
  expect(isInside).toBe(true);
});

it('says so to who waited in vain, and goes on with the next', async () => {
  const admission = new ActionAdmission(1);
  const refused: unknown[] = [];
  for (let count = 0; count < 500; count += 1) admission.enter(loud).catch((error: unknown) => refused.push(error));
  await vi.advanceTimersByTimeAsync(31_000);
  expect(refused.length).toBeGreaterThan(90);
  expect(refused[0]).toMatchObject({ code: 'runner_unavailable' });
  let isInside = false;
  void admission.enter(quiet).then(() => (isInside = true));
  await vi.advanceTimersByTimeAsync(75);
  expect(isInside).toBe(true);
});
