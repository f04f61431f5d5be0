import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readOrEmpty } from './read-or-empty.js';
import { jailOf, type ProcessJail, ProcessJails } from './test/process-jails.js';
import { canTellWhoComputes, Turns } from './turns.js';

const processes = new ProcessJails();
afterEach(() => processes.kill());
afterEach(() => void vi.useRealTimers());

const fieldsOf = ({ pid }: ProcessJail): string[] => readOrEmpty(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
const isStopped = (jail: ProcessJail): boolean => fieldsOf(jail)[0] === 'T';
const cpuMs = (jail: ProcessJail): number => Number(fieldsOf(jail)[11]) * 10;
const paused = (jails: readonly ProcessJail[]): number => jails.filter(({ isPaused }) => isPaused).length;
const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000 });

describe.runIf(canTellWhoComputes)('turns', { timeout: 30_000 }, () => {
  it('let so many compute at once, each after the other, and leave alone who waits', async () => {
    const changed = vi.fn();
    const turns = new Turns({ processors: 2, changed });
    const [busy, [idle]] = [await processes.start(3, 'compute'), (await processes.start(1, 'wait')) as [ProcessJail]];
    for (const jail of [...busy, idle]) turns.join(jail);
    await soon(() => expect(paused(busy)).toBe(2));
    await soon(() => expect(busy.filter(isStopped)).toEqual(busy.filter(({ isPaused }) => isPaused)));
    expect(turns.resting).toBe(2);
    expect(changed).toHaveBeenCalled();
    const before = busy.map(cpuMs);
    for (let look = 0; look < 150; look += 1) {
      await wait(20);
      expect([paused(busy), idle.isPaused]).toEqual([2, false]);
    }
    const had = busy.map((jail, index) => cpuMs(jail) - (before[index] ?? 0));
    expect(Math.min(...had)).toBeGreaterThan(Math.max(...had) / 4);
  });

  it('are nobody’s any more when there is a processor for each', async () => {
    const turns = new Turns({ processors: 2 });
    const jails = await processes.start(2, 'compute');
    for (const jail of jails) turns.join(jail);
    await soon(() => expect(paused(jails)).toBe(1));
    const [resting, working] = jails.toSorted((one, other) => Number(other.isPaused) - Number(one.isPaused)) as [ProcessJail, ProcessJail];
    turns.leave(working);
    expect(paused([resting, working])).toBe(0);
    turns.join(working);
    await soon(() => expect(paused(jails)).toBe(1));
    for (const jail of jails) turns.leave(jail);
    expect(paused(jails)).toBe(0);
    await soon(() => expect(jails.filter(isStopped)).toEqual([]));
  });

  it.each([
    [1, 1, 0],
    [2, 3, 0],
    [4, 5, 2],
  ])('on %i processors leave two of them alone for a moment when somebody is waited for, and not at once again', async (processors, count, left) => {
    const turns = new Turns({ processors });
    const [busy, [idle]] = [await processes.start(count, 'compute'), (await processes.start(1, 'wait')) as [ProcessJail]];
    for (const jail of [...busy, idle]) turns.join(jail);
    turns.giveWay();
    expect(paused(busy)).toBe(0);
    const atOnce = Math.max(1, processors - 1);
    await soon(() => expect(turns.resting).toBe(count - atOnce));
    // Of a single one nothing tells that it is known by now.
    await wait(1_000);
    vi.useFakeTimers();
    turns.giveWay();
    expect([paused(busy), idle.isPaused]).toEqual([count - left, false]);
    vi.advanceTimersByTime(75);
    expect(paused(busy)).toBe(count - atOnce);
    turns.giveWay();
    expect(paused(busy)).toBe(count - atOnce);
    vi.advanceTimersByTime(25);
    turns.giveWay();
    expect(paused(busy)).toBe(count - left);
    vi.advanceTimersByTime(75);
    vi.useRealTimers();
    for (const jail of busy) turns.leave(jail);
  });

  it('begin at once for one that has computed before', async () => {
    const turns = new Turns({ processors: 2 });
    const busy = await processes.start(3, 'compute');
    for (const jail of busy) turns.join(jail);
    await soon(() => expect(paused(busy)).toBe(2));
    for (const jail of busy) turns.leave(jail);
    expect(paused(busy)).toBe(0);
    for (const jail of busy) turns.join(jail);
    expect(paused(busy)).toBe(2);
    for (const jail of busy) turns.leave(jail);
  });

  it('know at its end who has computed, and forget it after a run that hardly did', async () => {
    const turns = new Turns({ processors: 8 });
    const [[busy], [idle]] = [await processes.start(1, 'compute'), await processes.start(1, 'wait')] as [[ProcessJail], [ProcessJail]];
    for (const jail of [busy, idle]) turns.join(jail);
    await wait(400);
    expect(turns.computes(busy)).toBe(false);
    for (const jail of [busy, idle]) turns.leave(jail);
    expect([turns.computes(busy), turns.computes(idle)]).toEqual([true, false]);
    turns.join(busy);
    turns.leave(busy);
    expect(turns.computes(busy)).toBe(false);
  });

  it('go on in full while others are given way to again and again', async () => {
    const turns = new Turns({ processors: 2 });
    const busy = await processes.start(3, 'compute');
    for (const jail of busy) turns.join(jail);
    await soon(() => expect(paused(busy)).toBe(2));
    const before = busy.map(cpuMs);
    for (let round = 0; round < 150; round += 1) {
      turns.giveWay();
      await wait(20);
      expect(turns.resting).toBe(2);
    }
    const had = busy.map((jail, index) => cpuMs(jail) - (before[index] ?? 0));
    expect(Math.min(...had)).toBeGreaterThan(Math.max(...had) / 4);
    for (const jail of busy) turns.leave(jail);
  });

  it('pass on from a process that is gone', async () => {
    const turns = new Turns({ processors: 2 });
    const jails = await processes.start(2, 'compute');
    for (const jail of [...jails, jailOf(2 ** 22 + 1)]) turns.join(jail);
    await soon(() => expect(paused(jails)).toBe(1));
    const [other, working] = jails.toSorted((one, two) => Number(two.isPaused) - Number(one.isPaused)) as [ProcessJail, ProcessJail];
    process.kill(working.pid, 'SIGKILL');
    await soon(() => expect(other.isPaused).toBe(false));
    await soon(() => expect(turns.resting).toBe(0));
    for (const jail of jails) turns.leave(jail);
  });
});
