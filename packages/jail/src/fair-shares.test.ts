import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { processorCount } from './confinement.js';
import type { Jail } from './driver.js';
import { FairShares, nicenessOf } from './fair-shares.js';

const children: ChildProcess[] = [];
afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

/** Of a jail only its process matters here. */
function startJails(count: number, command: readonly string[] = ['60'], program = 'sleep'): Jail[] {
  const made = Array.from({ length: count }, () => spawn(program, command));
  children.push(...made);
  return made.map(({ pid }) => ({ pid }) as unknown as Jail);
}

const startComputing = (count: number): Jail[] => startJails(count, ['-e', 'for (;;);'], process.execPath);

const niceness = (jails: readonly Jail[]) => jails.map(({ pid }) => getPriority(pid ?? 0) - getPriority());

it('makes many processes weigh as much as one', () => {
  for (const processes of [1, 2, 3, 4, 8, 16]) {
    const weight = processes / 1.25 ** nicenessOf(processes);
    expect(weight).toBeGreaterThan(0.85);
    expect(weight).toBeLessThan(1.15);
  }
  expect(nicenessOf(1_000)).toBe(19);
});

it('shares between the scripts of one environment, and leaves others alone', async () => {
  const shares = new FairShares({ mayPause: true });
  const jails = startJails(4);
  for (const jail of jails.slice(0, 3)) shares.enter(1, { jail, isBackground: false });
  shares.enter(2, { jail: jails[3] as Jail, isBackground: false });
  await vi.waitFor(() => expect(niceness(jails)).toEqual([nicenessOf(3), nicenessOf(3), nicenessOf(3), 0]));
});

it('lets those go first that somebody waits for', async () => {
  const shares = new FairShares({ mayPause: true });
  const jails = startJails(2);
  jails.forEach((jail, index) => shares.enter(index, { jail, isBackground: index === 1 }));
  await vi.waitFor(() => expect(niceness(jails)).toEqual([0, 5]));
});

it('leaves alone what ends at once', async () => {
  const shares = new FairShares({ mayPause: true });
  const jails = startJails(2);
  for (const leave of jails.map((jail) => shares.enter(1, { jail, isBackground: true }))) leave();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(niceness(jails)).toEqual([0, 0]);
});

it('does not mind a process that is gone', async () => {
  const shares = new FairShares({ mayPause: true });
  const [there] = startJails(1) as [Jail];
  const gone = { pid: 2 ** 22 + 1 } as unknown as Jail;
  for (const jail of [gone, there]) shares.enter(1, { jail, isBackground: false });
  await vi.waitFor(() => expect(niceness([there])).toEqual([nicenessOf(2)]));
});

describe.runIf(process.platform === 'linux')('the processors', () => {
  const allowed = ({ pid }: Jail): string => /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  const isPaused = ({ pid }: Jail): boolean => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] === 'T';
  const atWork = (count: number, isBackground: boolean): Jail[] => {
    const shares = new FairShares({ mayPause: true });
    const jails = startJails(count);
    for (const jail of jails) shares.enter(1, { jail, isBackground });
    return jails;
  };

  it('are not all taken by what nobody waits for', async () => {
    const jails = atWork(processorCount, true);
    const [ours] = startJails(1) as [Jail];
    await vi.waitFor(() => expect(jails.some((jail) => allowed(jail) === allowed(ours))).toBe(processorCount === 1), { timeout: 5_000 });
  });

  it('are not taken by several that compute at once, least of all while somebody waits for another environment', { timeout: 15_000 }, async () => {
    const shares = new FairShares({ mayPause: true });
    const busy = startComputing(processorCount + 1);
    const leave = busy.map((jail) => shares.enter(1, { jail, isBackground: true }));
    const paused = (): number => busy.filter(isPaused).length;
    const resting = busy.length - Math.max(1, processorCount - 1);
    await vi.waitFor(() => expect(paused()).toBe(resting), { timeout: 5_000 });
    const [own, other] = startJails(2) as [Jail, Jail];
    shares.enter(1, { jail: own, isBackground: false });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(paused()).toBe(resting);
    shares.enter(2, { jail: other, isBackground: false });
    await vi.waitFor(() => expect(paused()).toBe(busy.length), { timeout: 40, interval: 1 });
    for (const each of leave) each();
    await vi.waitFor(() => expect(paused()).toBe(0));
  });

  it('are shared by the kernel alone where a paused jail could outlive its runner', async () => {
    const shares = new FairShares({ mayPause: false });
    const busy = startComputing(processorCount);
    for (const jail of busy) shares.enter(1, { jail, isBackground: true });
    await vi.waitFor(() => expect(niceness(busy)).toEqual(busy.map(() => nicenessOf(processorCount) + 5)), { timeout: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(busy.filter(isPaused)).toEqual([]);
  });

  it('are free to fewer scripts, and to those that somebody waits for', async () => {
    const jails = [...atWork(processorCount - 1, true), ...atWork(processorCount, false)];
    const [ours] = startJails(1) as [Jail];
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(jails.map(allowed)).toEqual(jails.map(() => allowed(ours)));
  });
});
