import { describe, expect, it } from 'vitest';
import { PendingSaves } from './pending-saves.js';

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const isOpen = async (promise: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([promise.then(() => 'done'), later(20).then(() => 'open')])) === 'open';

describe('saves on their way', () => {
  it('are four at most; the script waits with the fifth', async () => {
    const saves = new PendingSaves(() => undefined);
    const ends = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
    const [first, ...others] = ends.slice(0, 4).map(({ promise }) => saves.add(() => promise));
    await Promise.all([first, ...others]);
    const fifth = saves.add(() => ends[4]!.promise); // there are five
    expect(await isOpen(fifth)).toBe(true);
    ends[2]?.resolve();
    await fifth;
    const committed = saves.committed();
    expect(await isOpen(committed)).toBe(true);
    for (const { resolve } of ends) resolve();
    await committed;
  });

  it('are numbered in their order, and know how far all have committed', async () => {
    const saves = new PendingSaves(() => undefined);
    const sent: [number, number][] = [];
    for (let times = 0; times < 3; times += 1) {
      await saves.add(async ({ order, settled }) => void sent.push([order, settled()]));
      await saves.settled();
    }
    expect(sent).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
  });

  it('end with the first that fails: nothing after it is sent, and nothing goes on', async () => {
    const failures: unknown[] = [];
    const saves = new PendingSaves((error) => failures.push(error));
    await saves.add(() => Promise.reject(new Error('no')));
    const committed = saves.committed();
    await saves.settled();
    let sent = false;
    const next = saves.add(async () => void (sent = true));
    expect([await isOpen(committed), await isOpen(next), sent, failures.length]).toEqual([true, true, false, 1]);
  });
});
