import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transaction } from '../pool.js';
import { Deleting, ids } from '../test/deleting.js';
import { aModel, anExecution, aSync, openStore, TestModel, type TestStore } from '../test/store.js';
import { dropRecords } from './drop.js';
import { lockModel } from './model-row.js';

let test: TestStore;
const { aRun } = new Deleting(() => test);

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

/** A model of 9,000 records, in three chunks, of which a run of its sync has found the first. */
async function aModelHalfFound(found: number): Promise<{ model: TestModel; syncId: string; run: { executionId: string } }> {
  const model = await aModel(test);
  const syncId = await aSync(test, model);
  await model.save(ids(0, 9000));
  const run = await aRun(model, syncId);
  await model.save(ids(0, found), run);
  return { model, syncId, run };
}

/** A save that changes nothing, so takes no lock of the model, by a script of the sync beside its run. */
async function idleSave(model: TestModel, syncId: string): Promise<{ unchanged: Promise<unknown> }> {
  const script = await anExecution(test, model, syncId);
  const unchanged = model.save(ids(4000, 8500), { ...script, syncId }).then(
    () => true,
    (error: unknown) => error,
  );
  // It has come as far as it gets.
  await wait(500);
  return { unchanged };
}

async function withModelLocked<T>({ scope }: TestModel, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return transaction(test.pool, async (client) => {
    const { rows } = await client.query<{ id: number }>('select id from record_model where connection_id = $1', [scope.connectionId]);
    await lockModel(client, scope.environmentId, rows[0]!.id);
    return work(client);
  });
}

describe('a save that changes nothing', () => {
  it('does not wait for the end of a run that waits for it', async () => {
    const { model, syncId, run } = await aModelHalfFound(8000);
    const { saving, verdict } = await withModelLocked(model, async (client) => {
      const saving = await idleSave(model, syncId);
      return { saving, verdict: await test.deletions.endRun(client, { ...model.scope, executionId: run.executionId, syncId }) };
    });
    expect(verdict).toMatchObject({ kind: 'deleted', ids: { length: 1000 } });
    expect(await saving.unchanged).toBe(true);
  });

  it('nor for a cache being emptied', async () => {
    const { model, syncId } = await aModelHalfFound(4000);
    const saving = await withModelLocked(model, async (client) => {
      const idle = await idleSave(model, syncId);
      await dropRecords(client, model.scope);
      return idle;
    });
    expect(await saving.unchanged).toBe(true);
  });

  it('nor for the end of a tracking to which it belongs', async () => {
    const model = await aModel(test);
    const syncId = await aSync(test, model);
    const scope = { ...model.scope, syncId };
    await model.save(ids(0, 9000));
    await test.deletions.startTracking(test.pool, scope);
    const run = await anExecution(test, model, syncId);
    await model.save(ids(0, 8500), { ...run, syncId });
    // Somebody else holds it up in the middle of the bitmap.
    const { saving, ending } = await transaction(test.pool, async (client) => {
      await client.query('select from record_seen where environment_id = $1 and chunk = 2 for update', [model.scope.environmentId]);
      const idle = await idleSave(model, syncId);
      const end = transaction(test.pool, (ender) => test.deletions.endTracking(ender, { ...scope, executionId: run.executionId }));
      const settled = end.catch((error: unknown) => error);
      await wait(500);
      return { saving: idle, ending: { settled } };
    });
    expect(await saving.unchanged).toBe(true);
    expect(await ending.settled).toMatchObject({ kind: 'deleted', ids: { length: 500 } });
  });
});

it('two runs that end the same models in another order end one after the other', async () => {
  const first = await aModel(test);
  const { environmentId, connectionId } = first.scope;
  const models = [first, new TestModel(test.store, { ...first.scope, model: 'Note' })];
  for (const model of models) await model.save(ids(0, 10));
  const end = async (order: TestModel[]): Promise<unknown[]> => {
    const syncId = await aSync(test, first);
    const { executionId } = await aRun(first, syncId);
    for (const model of models) await model.save(ids(0, 9), { ...(await aRun(model, syncId)), executionId });
    return transaction(test.pool, async (client) => {
      await test.deletions.lockModels(client, environmentId, { connectionId, models: order.map(({ scope }) => scope.model) });
      const verdicts = [];
      for (const model of order) {
        verdicts.push(await test.deletions.endRun(client, { ...model.scope, executionId, syncId }));
        await wait(300);
      }
      return verdicts;
    });
  };
  const both = await Promise.all([end(models), end(models.toReversed())]);
  expect(both.flat()).toHaveLength(4);
});
