import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transaction } from '../pool.js';
import { aModel, anExecution, openStore, type TestModel, type TestStore } from '../test/store.js';

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

const finish = (model: TestModel, executionId: string): Promise<number> =>
  transaction(test.pool, (client) => test.store.deleteUnseen(client, { ...model.scope, executionId }));
const living = async (model: TestModel): Promise<string[]> =>
  (await model.list({ filter: ['ADDED', 'UPDATED'], limit: 10_000 })).records.map((record) => record.id).toSorted();

describe('deletion of what a run has not seen', () => {
  it('takes rows that were there before and were neither saved nor met unchanged', async () => {
    const model = await aModel(test);
    await model.save([{ id: 'gone' }, { id: 'same' }, { id: 'changed', n: 1 }, { id: 'merged', n: 1 }]);
    const run = { ...(await anExecution(test, model)), trackSeen: true };
    await model.save([{ id: 'same' }, { id: 'changed', n: 2 }, { id: 'new' }], run);
    await model.update([{ id: 'merged', n: 1 }], run);
    const counted = await test.store.countUnseen(test.pool, { ...model.scope, executionId: run.executionId });
    expect(counted).toEqual({ unseen: 1, living: 5 });
    expect(await finish(model, run.executionId)).toBe(1);
    expect(await living(model)).toEqual(['changed', 'merged', 'new', 'same']);
    expect(await model.one('gone')).toMatchObject({ _nango_metadata: { last_action: 'DELETED' } });
    expect(await countsOf(run.executionId)).toEqual([{ model: 'Task', added: 1, updated: 1, deleted: 1 }]);
    expect(await test.store.counts(model.scope.environmentId, model.scope.connectionId)).toEqual({ Task: 4 });
  });

  it('spares what another writer has changed since the run began', async () => {
    const model = await aModel(test);
    await model.save([{ id: 'touched', n: 1 }, { id: 'gone' }]);
    const run = await anExecution(test, model);
    await model.save([{ id: 'touched', n: 2 }, { id: 'inserted' }]);
    expect(await finish(model, run.executionId)).toBe(1);
    expect(await living(model)).toEqual(['inserted', 'touched']);
  });

  it('deletes everything after a run that saved nothing', async () => {
    const model = await aModel(test);
    await model.save([{ id: 'a' }, { id: 'b' }]);
    const run = await anExecution(test, model);
    expect(await finish(model, run.executionId)).toBe(2);
    expect(await living(model)).toEqual([]);
    expect(await finish(model, run.executionId)).toBe(0);
  });

  it('works over many chunks of the bitmap, and shows deletions to a reader that was at the end', async () => {
    const model = await aModel(test);
    const records = Array.from({ length: 9000 }, (_, n) => ({ id: `r${String(n).padStart(5, '0')}` }));
    await model.save(records);
    const cursor = (await model.list({ limit: 10_000 })).records.at(-1)!._nango_metadata.cursor;
    const run = { ...(await anExecution(test, model)), trackSeen: true };
    const seen = records.filter((_, n) => n % 3 !== 0);
    for (let at = 0; at < seen.length; at += 1000) await model.save(seen.slice(at, at + 1000), run);
    expect(await finish(model, run.executionId)).toBe(3000);
    expect(await living(model)).toEqual(seen.map((record) => record.id));
    const { records: news } = await model.list({ cursor, limit: 10_000 });
    expect(news).toHaveLength(3000);
    expect(new Set(news.map((record) => record._nango_metadata.last_action))).toEqual(new Set(['DELETED']));
  });

  it('does nothing for an execution of another environment', async () => {
    const [model, other] = [await aModel(test), await aModel(test)];
    await model.save([{ id: 'a' }]);
    const run = await anExecution(test, other);
    expect(await finish(model, run.executionId)).toBe(0);
  });
});
