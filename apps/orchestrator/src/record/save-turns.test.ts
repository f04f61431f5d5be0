import { describe, expect, it } from 'vitest';
import { SaveTurns } from './save-turns.js';

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the saves of an attempt', () => {
  it('are made in their order, however they come', async () => {
    const turns = new SaveTurns();
    const made: number[] = [];
    const save = (order: number) => turns.take('run', { order, settled: 0 }, async () => (await later(5), made.push(order)));
    await Promise.all([save(3), save(2), save(1), save(4)]);
    expect(made).toEqual([1, 2, 3, 4]);
  });

  it('go on from what the runner knows to have committed', async () => {
    expect(await new SaveTurns().take('run', { order: 58, settled: 57 }, () => Promise.resolve('saved'))).toBe('saved');
  });

  it('wait for nothing of another attempt', async () => {
    const turns = new SaveTurns();
    const second = turns.take('run 1', { order: 2, settled: 0 }, () => Promise.resolve(2));
    expect(await turns.take('run 2', { order: 1, settled: 0 }, () => Promise.resolve(1))).toBe(1);
    expect(await Promise.race([second, later(20)])).toBeUndefined();
    await turns.take('run 1', { order: 1, settled: 0 }, () => Promise.resolve(1));
    expect(await second).toBe(2);
  });

  it('wait on when the one before has failed, until it is made again', async () => {
    const turns = new SaveTurns();
    const second = turns.take('run', { order: 2, settled: 0 }, () => Promise.resolve(2));
    await expect(turns.take('run', { order: 1, settled: 0 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await Promise.race([second, later(20)])).toBeUndefined();
    await turns.take('run', { order: 1, settled: 0 }, () => Promise.resolve(1));
    expect(await second).toBe(2);
  });
});
