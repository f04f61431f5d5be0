import { describe, expect, it } from 'vitest';
import type { LogEntry } from 'jail';
import { LogBatch } from './log-batch.js';

const line = (message: string): LogEntry => ({ at: '2026-01-01T00:00:00.000Z', level: 'info', message });

describe('log lines of a run', () => {
  it('go together, in order, never more than fit a request', async () => {
    const sent: string[][] = [];
    const batch = new LogBatch(async (messages) => void sent.push(messages.map(({ message }) => message)));
    const all = Array.from({ length: 1_200 }, (_, n) => String(n));
    for (const message of all) batch.add(line(message));
    await batch.flush();
    expect(sent.flat()).toEqual(all);
    expect(Math.max(...sent.map(({ length }) => length))).toBeLessThanOrEqual(500);
    expect(sent.length).toBeLessThan(5);
  });

  it('are sent by themselves after a while, and losing some fails nothing', async () => {
    let tries = 0;
    const batch = new LogBatch(() => {
      tries++;
      return Promise.reject(new Error('away'));
    });
    batch.add(line('a'));
    await expect.poll(() => tries, { timeout: 2_000 }).toBe(1);
    batch.add(line('b'));
    await batch.flush();
    expect(tries).toBe(2);
  });

  it('of a script that is run again are told once', async () => {
    const sent: [number, string[]][] = [];
    const batch = new LogBatch(async (messages, from) => void sent.push([from, messages.map(({ message }) => message)]), 2);
    for (const message of ['a', 'b', 'c']) batch.add(line(message));
    await batch.flush();
    batch.add(line('d'));
    await batch.flush();
    expect(sent).toEqual([
      [2, ['c']],
      [3, ['d']],
    ]);
  });
});
