import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeletionVerdict } from 'model';
import { transaction } from '../pool.js';
import { Deleting, ids, living, type Run } from '../test/deleting.js';
import { aModel, aSync, openStore, type TestModel, type TestStore } from '../test/store.js';

let test: TestStore;
const { aRun, fail, heldOf, bitmaps } = new Deleting(() => test);

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

describe('explicit tracking', () => {
  const start = (model: TestModel, syncId: string): Promise<{ resumed: boolean }> => test.deletions.startTracking(test.pool, { ...model.scope, syncId });
  const end = (model: TestModel, { syncId, executionId }: Run): Promise<DeletionVerdict> =>
    transaction(test.pool, (client) => test.deletions.endTracking(client, { ...model.scope, syncId, executionId }));
  const explicit = async (model: TestModel, syncId: string): Promise<Run> => ({ ...(await aRun(model, syncId)), trackSeen: false });

  it('goes over as many executions as it takes', async () => {
    const model = await aModel(test);
    const syncId = await aSync(test, model);
    await model.save(ids(0, 10));
    const first = await explicit(model, syncId);
    expect(await start(model, syncId)).toEqual({ resumed: false });
    await model.save(ids(0, 4), first);
    await fail(model, first);
    const second = await explicit(model, syncId);
    expect(await start(model, syncId)).toEqual({ resumed: true });
    await model.save(ids(4, 8), second);
    expect(await end(model, second)).toEqual({ kind: 'deleted', ids: ['r00008', 'r00009'] });
    expect(await end(model, second)).toEqual({ kind: 'spared', reason: 'not_tracked' });
    expect(await bitmaps(model)).toBe(0);
  });

  it('spares what was changed by others since it began, and knows nothing of saves before', async () => {
    const model = await aModel(test);
    const syncId = await aSync(test, model);
    const run = await explicit(model, syncId);
    await model.save(ids(0, 6), run);
    await start(model, syncId);
    await model.save([{ id: 'r00000', n: 1 }]);
    await model.save(ids(1, 4), run);
    expect(await end(model, run)).toEqual({ kind: 'deleted', ids: ['r00004', 'r00005'] });
  });

  it('is held like any other', async () => {
    const model = await aModel(test);
    const syncId = await aSync(test, model);
    await model.save(ids(0, 6));
    await start(model, syncId);
    expect(await end(model, await explicit(model, syncId))).toMatchObject({ kind: 'held', missing: 6, reason: 'all' });
    expect(await test.deletions.apply(model.scope.environmentId, (await heldOf(model))[0]!.id)).toMatchObject({ deleted: 6 });
  });

  it('proves nothing when one of its executions swallowed an error', async () => {
    const model = await aModel(test);
    const syncId = await aSync(test, model);
    await model.save(ids(0, 3));
    await start(model, syncId);
    const first = await explicit(model, syncId);
    await test.pool.query(`update execution set swallowed_error = true, finished_at = clock_timestamp() where id = $1`, [first.executionId]);
    const second = await explicit(model, syncId);
    await model.save(ids(0, 2), second);
    expect(await end(model, second)).toEqual({ kind: 'spared', reason: 'swallowed_error' });
    expect(await living(model)).toHaveLength(3);
  });
});
