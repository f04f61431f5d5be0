import { describe, expect, it } from 'vitest';
import { SaveTurns } from './save-turns.js';

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const place = (order: number, { settled = 0, model = 'Task' } = {}) => ({ order, settled, model });

describe('the saves of an attempt', () => {
  it('are handed over in their order, however they come, without waiting for each other', async () => {
    const turns = new SaveTurns();
    const [handed, made]: number[][] = [[], []];
    const save = (order: number) =>
      turns.take('run', place(order), async () => {
        handed?.push(order);
        await later(100 - 20 * order);
        made?.push(order);
      });
    await Promise.all([save(3), save(2), save(1), save(4)]);
    expect(handed).toEqual([1, 2, 3, 4]);
    expect(made).toEqual([4, 3, 2, 1]);
  });

  it('are each given the commit of the one before to wait for', async () => {
    const turns = new SaveTurns();
    const committed: number[] = [];
    const save = (order: number) =>
      turns.take('run', place(order), async (before) => {
        await later(20 - 5 * order);
        await before;
        committed.push(order);
      });
    await Promise.all([save(1), save(2), save(3)]);
    expect(committed).toEqual([1, 2, 3]);
  });

  it('wait for the commit itself where the one before goes to another model', async () => {
    const turns = new SaveTurns();
    const steps: string[] = [];
    const save = (order: number, model: string) =>
      turns.take('run', place(order, { model }), async () => {
        steps.push(`${order} starts`);
        await later(5);
        steps.push(`${order} ends`);
      });
    await Promise.all([save(1, 'Task'), save(2, 'Person')]);
    expect(steps).toEqual(['1 starts', '1 ends', '2 starts', '2 ends']);
  });

  it('go on from what the runner knows to have committed', async () => {
    expect(await new SaveTurns().take('run', place(58, { settled: 57 }), () => Promise.resolve('saved'))).toBe('saved');
  });

  it('go on from what has committed here, though it was sent before its runner knew', async () => {
    const turns = new SaveTurns();
    await turns.take('run', place(1), () => Promise.resolve());
    expect(await turns.take('run', place(2), () => Promise.resolve('saved'))).toBe('saved');
  });

  it('wait for nothing of another attempt', async () => {
    const turns = new SaveTurns();
    const second = turns.take('run 1', place(2), () => Promise.resolve(2));
    expect(await turns.take('run 2', place(1), () => Promise.resolve(1))).toBe(1);
    expect(await Promise.race([second, later(20)])).toBeUndefined();
    await turns.take('run 1', place(1), () => Promise.resolve(1));
    expect(await second).toBe(2);
  });

  it('do not commit when the one before has failed, and do once both are made again', async () => {
    const turns = new SaveTurns();
    const committed: number[] = [];
    const commit = (order: number) => async (before: Promise<void> | undefined) => (await before, void committed.push(order));
    const first = turns.take('run', place(1), () => Promise.reject(new Error('no')));
    const second = turns.take('run', place(2), commit(2));
    await expect(first).rejects.toThrow('no');
    await expect(second).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(committed).toEqual([]);
    await turns.take('run', place(1), commit(1));
    await turns.take('run', place(2), commit(2));
    expect(committed).toEqual([1, 2]);
  });
});
