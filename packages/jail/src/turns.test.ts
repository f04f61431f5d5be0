import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { readOrEmpty } from './read-or-empty.js';
import { canTellWhoComputes, Turns } from './turns.js';

const children: ChildProcess[] = [];
afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

const computing = 'for (;;);';
const waiting = 'setInterval(() => undefined, 10);';

async function start(...programs: string[]): Promise<number[]> {
  const made = programs.map((program) => spawn(process.execPath, ['-e', `process.stdout.write('.'); ${program}`]));
  children.push(...made);
  await Promise.all(made.map(({ stdout }) => once(stdout, 'data')));
  return made.map(({ pid }) => pid ?? 0);
}

const fieldsOf = (pid: number): string[] => readOrEmpty(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
const isPaused = (pid: number): boolean => fieldsOf(pid)[0] === 'T';
const cpuMs = (pid: number): number => Number(fieldsOf(pid)[11]) * 10;
const paused = (pids: readonly number[]): number => pids.filter(isPaused).length;

describe.runIf(canTellWhoComputes)('turns', () => {
  it('let so many compute at once, each after the other, and leave alone who waits', { timeout: 20_000 }, async () => {
    const [first, second, third, idle] = (await start(computing, computing, computing, waiting)) as [number, number, number, number];
    const busy = [first, second, third];
    const turns = new Turns<number>(1);
    for (const pid of [...busy, idle]) turns.join(pid, pid);
    await vi.waitFor(() => expect(paused(busy)).toBe(2), { timeout: 5_000 });
    const before = busy.map(cpuMs);
    const seen = new Set<number>();
    for (let look = 0; look < 150; look += 1) {
      await wait(20);
      expect(isPaused(idle)).toBe(false);
      if (paused(busy) !== 2) seen.add(paused(busy));
    }
    // While turns change hands two may be on their way for a moment; never all of them, never none.
    expect([...seen].filter((count) => count === 0 || count === 3)).toEqual([]);
    const had = busy.map((pid, index) => cpuMs(pid) - (before[index] ?? 0));
    expect(Math.min(...had)).toBeGreaterThan(Math.max(...had) / 4);
  });

  it('are nobody’s any more when there is a processor for each', { timeout: 10_000 }, async () => {
    const pids = (await start(computing, computing)) as [number, number];
    const turns = new Turns<number>(1);
    for (const pid of pids) turns.join(pid, pid);
    await vi.waitFor(() => expect(paused(pids)).toBe(1), { timeout: 5_000 });
    const [resting, working] = isPaused(pids[0]) ? pids : [pids[1], pids[0]];
    turns.leave(working);
    expect(isPaused(resting)).toBe(false);
    turns.join(working, working);
    await vi.waitFor(() => expect(paused(pids)).toBe(1), { timeout: 5_000 });
    for (const pid of pids) turns.leave(pid);
    expect(paused(pids)).toBe(0);
  });

  it('are not taken for a moment when somebody is waited for, and not at once again', { timeout: 10_000 }, async () => {
    const [first, second, idle] = (await start(computing, computing, waiting)) as [number, number, number];
    const turns = new Turns<number>(1);
    for (const pid of [first, second, idle]) turns.join(pid, pid);
    turns.giveWay();
    expect(paused([first, second, idle])).toBe(0);
    await vi.waitFor(() => expect(paused([first, second])).toBe(1), { timeout: 5_000 });
    turns.giveWay();
    await vi.waitFor(() => expect(paused([first, second])).toBe(2), { timeout: 40, interval: 1 });
    expect(isPaused(idle)).toBe(false);
    await vi.waitFor(() => expect(paused([first, second])).toBe(1), { timeout: 1_000, interval: 5 });
    turns.giveWay();
    await wait(20);
    expect(paused([first, second])).toBe(1);
    await wait(60);
    turns.giveWay();
    await vi.waitFor(() => expect(paused([first, second])).toBe(2), { timeout: 40, interval: 1 });
  });

  it('pass on from a process that is gone', { timeout: 10_000 }, async () => {
    const pids = await start(computing, computing);
    const turns = new Turns<number>(1);
    for (const pid of [...pids, 2 ** 22 + 1]) turns.join(pid, pid);
    await vi.waitFor(() => expect(paused(pids)).toBe(1), { timeout: 5_000 });
    const working = pids.find((pid) => !isPaused(pid)) ?? 0;
    const other = pids.find(isPaused) ?? 0;
    process.kill(working, 'SIGKILL');
    await vi.waitFor(() => expect(isPaused(other)).toBe(false), { timeout: 5_000 });
    await wait(500);
    expect(isPaused(other)).toBe(false);
  });
});
