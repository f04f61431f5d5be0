import { spawn } from 'node:child_process';
import { getPriority } from 'node:os';
import { afterAll, expect, it } from 'vitest';
import type { Jail } from './driver.js';
import { FairShares, nicenessOf } from './fair-shares.js';

const children = Array.from({ length: 4 }, () => spawn('sleep', ['60']));
afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

// Of a jail only its process matters here.
const jails = children.map(({ pid }) => ({ pid }) as unknown as Jail);
const niceness = () => jails.map(({ pid }) => getPriority(pid ?? 0) - getPriority());

it('makes many processes weigh as much as one', () => {
  for (const processes of [1, 2, 3, 4, 8, 16]) {
    const weight = processes / 1.25 ** nicenessOf(processes);
    expect(weight).toBeGreaterThan(0.85);
    expect(weight).toBeLessThan(1.15);
  }
  expect(nicenessOf(1_000)).toBe(19);
});

it('shares between the scripts of one environment, and leaves others alone', () => {
  const shares = new FairShares();
  for (const jail of jails.slice(0, 3)) shares.enter(1, jail);
  shares.enter(2, jails[3] as Jail);
  expect(niceness()).toEqual([nicenessOf(3), nicenessOf(3), nicenessOf(3), 0]);
});

it('does not mind a process that is gone', async () => {
  const shares = new FairShares();
  const gone = { pid: 2 ** 22 + 1 } as unknown as Jail;
  shares.enter(1, gone);
  const leave = shares.enter(1, gone);
  expect(leave).not.toThrow();
});
