import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { processorCount } from './confinement.js';
import { FairShares, nicenessOf } from './fair-shares.js';
import { jailOf, type ProcessJail, ProcessJails } from './test/process-jails.js';

const processes = new ProcessJails();
afterAll(() => processes.kill());

const niceness = (jails: readonly ProcessJail[]) => jails.map(({ pid }) => getPriority(pid) - getPriority());

it('makes many processes weigh as much as one', () => {
  for (const count of [1, 2, 3, 4, 8, 16]) {
    const weight = count / 1.25 ** nicenessOf(count);
    expect(weight).toBeGreaterThan(0.85);
    expect(weight).toBeLessThan(1.15);
  }
  expect(nicenessOf(1_000)).toBe(19);
});

it('shares between the scripts of one environment, and leaves others alone', async () => {
  const shares = new FairShares({ mayPause: true });
  const jails = await processes.start(4, 'wait');
  for (const jail of jails.slice(0, 3)) shares.enter(1, { jail, isBackground: false });
  shares.enter(2, { jail: jails[3] as ProcessJail, isBackground: false });
  await vi.waitFor(() => expect(niceness(jails)).toEqual([nicenessOf(3), nicenessOf(3), nicenessOf(3), 0]));
});

it('lets those go first that somebody waits for', async () => {
  const shares = new FairShares({ mayPause: true });
  const jails = await processes.start(2, 'wait');
  jails.forEach((jail, index) => shares.enter(index, { jail, isBackground: index === 1 }));
  await vi.waitFor(() => expect(niceness(jails)).toEqual([0, 5]));
});

it('leaves alone what ends at once', async () => {
  const shares = new FairShares({ mayPause: true });
  const jails = await processes.start(2, 'wait');
  for (const leave of jails.map((jail) => shares.enter(1, { jail, isBackground: true }))) leave();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(niceness(jails)).toEqual([0, 0]);
});

it('does not mind a process that is gone', async () => {
  const shares = new FairShares({ mayPause: true });
  const [there] = (await processes.start(1, 'wait')) as [ProcessJail];
  const gone = jailOf(2 ** 22 + 1);
  for (const jail of [gone, there]) shares.enter(1, { jail, isBackground: false });
  await vi.waitFor(() => expect(niceness([there])).toEqual([nicenessOf(2)]));
});

describe.runIf(process.platform === 'linux')('the processors', () => {
  const allowed = ({ pid }: ProcessJail): string => /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  const atWork = async (count: number, isBackground: boolean): Promise<ProcessJail[]> => {
    const shares = new FairShares({ mayPause: true });
    const jails = await processes.start(count, 'wait');
    for (const jail of jails) shares.enter(1, { jail, isBackground });
    return jails;
  };

  it('are not all taken by what nobody waits for', async () => {
    const jails = await atWork(processorCount, true);
    const [ours] = (await processes.start(1, 'wait')) as [ProcessJail];
    await vi.waitFor(() => expect(jails.some((jail) => allowed(jail) === allowed(ours))).toBe(processorCount === 1), { timeout: 5_000 });
  });

  it.each([
    ['in the background', true],
    ['that somebody waits for', false],
  ])(
    'are not taken by several %s that compute at once, least of all while somebody waits for another environment',
    { timeout: 30_000 },
    async (_, isBackground) => {
      const shares = new FairShares({ mayPause: true });
      const busy = await processes.start(processorCount + 1, 'compute');
      const [own, other] = (await processes.start(2, 'wait')) as [ProcessJail, ProcessJail];
      const leave = busy.map((jail) => shares.enter(1, { jail, isBackground }));
      const atOnce = Math.max(1, processorCount - 1);
      const paused = (): number => busy.filter(({ isPaused }) => isPaused).length;
      await vi.waitFor(() => expect(paused()).toBe(busy.length - atOnce), { timeout: 10_000 });
      await vi.waitFor(() => expect(niceness(busy)).toEqual(busy.map(() => nicenessOf(atOnce) + 5)), { timeout: 10_000 });
      shares.enter(1, { jail: own, isBackground: false });
      expect(paused()).toBe(busy.length - atOnce);
      shares.enter(2, { jail: other, isBackground: false });
      expect(paused()).toBe(busy.length - Math.max(0, processorCount - 2));
      for (const each of leave) each();
      expect(paused()).toBe(0);
      for (const jail of busy) shares.enter(1, { jail, isBackground });
      expect(paused()).toBeGreaterThan(0);
    },
  );

  it('are shared by the kernel alone where a paused jail could outlive its runner', async () => {
    const shares = new FairShares({ mayPause: false });
    const busy = await processes.start(processorCount, 'compute');
    for (const jail of busy) shares.enter(1, { jail, isBackground: true });
    await vi.waitFor(() => expect(niceness(busy)).toEqual(busy.map(() => nicenessOf(processorCount) + 5)), { timeout: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(busy.filter(({ isPaused }) => isPaused)).toEqual([]);
  });

  it('are free to fewer scripts, and to those that somebody waits for', async () => {
    const jails = [...(await atWork(processorCount - 1, true)), ...(await atWork(processorCount, false))];
    const [ours] = (await processes.start(1, 'wait')) as [ProcessJail];
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(jails.map(allowed)).toEqual(jails.map(() => allowed(ours)));
  });
});
