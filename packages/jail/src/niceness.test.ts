import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterAll, expect, it, vi } from 'vitest';
import { Niceness } from './niceness.js';

const started: ChildProcess[] = [];
afterAll(() => started.forEach((child) => child.kill('SIGKILL')));

async function start(detached: boolean): Promise<number> {
  const child = spawn('sleep', ['60'], { detached, stdio: 'ignore' });
  started.push(child);
  await once(child, 'spawn');
  return child.pid ?? 0;
}

/** Of its session; null where the kernel does not share the processor out among sessions. */
function sessionNiceness(pid: number): number | null {
  try {
    const [, niceness] = / nice (-?\d+)/.exec(readFileSync(`/proc/${pid}/autogroup`, 'utf8')) ?? [];
    return niceness === undefined ? null : Number(niceness);
  } catch {
    return null;
  }
}

/** Asked of a session of its own: a process that nobody has given one, as in some build machines, belongs to none. */
const hasSessions = sessionNiceness(await start(true)) !== null;

it('makes a process nice, and its session where it has one of its own', async () => {
  const pid = await start(true);
  new Niceness().set(pid, 7);
  expect(getPriority(pid)).toBe(getPriority() + 7);
  await vi.waitFor(() => expect(sessionNiceness(pid)).toBe(hasSessions ? 7 : null));
});

it('leaves the session alone that it is in itself', async () => {
  const before = sessionNiceness(process.pid);
  const pid = await start(false);
  new Niceness().set(pid, 7);
  expect(getPriority(pid)).toBe(getPriority() + 7);
  expect(sessionNiceness(process.pid)).toBe(before);
});

it('makes many sessions nice, each as was said last, however seldom the system lets it', async () => {
  const pids = await Promise.all(Array.from({ length: 4 }, () => start(true)));
  const niceness = new Niceness();
  for (const value of [3, 9]) for (const pid of pids) niceness.set(pid, value);
  await vi.waitFor(() => expect(pids.map(sessionNiceness)).toEqual(pids.map(() => (hasSessions ? 9 : null))), { timeout: 5_000, interval: 50 });
});
