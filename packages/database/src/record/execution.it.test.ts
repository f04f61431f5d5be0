import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aModel, anExecution, openStore, type TestStore } from '../test/store.js';

let test: TestStore;

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

const countsOf = async (executionId: string): Promise<unknown> =>
  (await test.pool.query('select model, added, updated, deleted from execution_count where execution_id = $1', [executionId])).rows;

describe('a save of an execution', () => {
  it('is counted with it', async () => {
    const model = await aModel(test);
    const run = await anExecution(test, model);
    await model.save([{ id: 'a' }, { id: 'b' }], run);
    await model.save([{ id: 'a', n: 1 }, { id: 'b' }], run);
    await model.delete([{ id: 'b' }], run);
    expect(await countsOf(run.executionId)).toEqual([{ model: 'Task', added: 2, updated: 1, deleted: 1 }]);
  });

  it('is refused when another generation has begun, when the run is over, and in another environment', async () => {
    const model = await aModel(test);
    const run = await anExecution(test, model);
    const other = await aModel(test);
    await expect(model.save([{ id: 'a' }], { ...run, generation: 2 })).rejects.toMatchObject({ code: 'execution_fenced' });
    await expect(other.save([{ id: 'a' }], run)).rejects.toMatchObject({ code: 'execution_fenced' });
    await test.pool.query(`update execution set status = 'succeeded' where id = $1`, [run.executionId]);
    await expect(model.save([{ id: 'a' }], run)).rejects.toMatchObject({ code: 'execution_fenced' });
    expect((await model.list()).records).toEqual([]);
  });

  it('answers a repeated call what the first one was answered, and changes nothing', async () => {
    const model = await aModel(test);
    const run = { ...(await anExecution(test, model)), call: 'batchSave:1' };
    const first = await model.save([{ id: 'a' }, { id: 'a' }], run);
    expect(first).toEqual({ added: 1, updated: 0, deleted: 0, unchanged: 0, duplicates: ['a'] });
    expect(await model.save([{ id: 'a' }, { id: 'a' }], run)).toEqual(first);
    expect(await countsOf(run.executionId)).toEqual([{ model: 'Task', added: 1, updated: 0, deleted: 0 }]);
  });

  it('is done once when the same call comes ten times at once', async () => {
    const model = await aModel(test);
    const run = { ...(await anExecution(test, model)), call: 'batchSave:1' };
    await model.save([{ id: 'there' }]);
    const batches = [[{ id: 'a' }], [{ id: 'there' }]];
    for (const [index, batch] of batches.entries()) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => model.save(batch, { ...run, call: `batchSave:${index}` })));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    }
    expect(await countsOf(run.executionId)).toEqual([{ model: 'Task', added: 1, updated: 0, deleted: 0 }]);
  });

  it('takes more into its transaction, and is undone with it', async () => {
    const model = await aModel(test);
    const run = { ...(await anExecution(test, model)), call: 'batchSave:1' };
    await expect(model.save([{ id: 'a' }], { ...run, tx: () => Promise.reject(new Error('no room')) })).rejects.toThrow('no room');
    expect((await model.list()).records).toEqual([]);
    expect(await model.save([{ id: 'a' }], run)).toMatchObject({ added: 1 });
  });
});
