import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transaction } from '../pool.js';
import { aModel, anExecution, aSync, openStore, type TestModel, type TestStore } from '../test/store.js';
import type { DeletionVerdict } from 'model';

let test: TestStore;

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

type Run = { executionId: string; generation: number; trackSeen: boolean; syncId: string };

async function aRun(model: TestModel, syncId: string): Promise<Run> {
  return { ...(await anExecution(test, model, syncId)), trackSeen: true, syncId };
}

const ids = (from: number, to: number): { id: string }[] => Array.from({ length: to - from }, (_, n) => ({ id: `r${String(from + n).padStart(5, '0')}` }));
const living = async (model: TestModel): Promise<string[]> =>
  (await model.list({ filter: ['ADDED', 'UPDATED'], limit: 10_000 })).records.map((record) => record.id).toSorted();

async function finish(model: TestModel, { executionId, syncId }: Run): Promise<DeletionVerdict> {
  return transaction(test.pool, async (client) => {
    const verdict = await test.deletions.endRun(client, { ...model.scope, executionId, syncId });
    await test.deletions.closeExecution(client, { executionId, environmentId: model.scope.environmentId });
    return verdict;
  });
}

async function fail(model: TestModel, { executionId }: Run): Promise<void> {
  await test.deletions.closeExecution(test.pool, { executionId, environmentId: model.scope.environmentId });
}

async function heldOf(model: TestModel): Promise<{ id: string; missing: number; existing: number; reason: string | null }[]> {
  const { environmentId, connectionId } = model.scope;
  return (await test.deletions.list({ environmentId, connectionId, states: ['held'] })).map(({ id, missing, existing, reason }) => ({
    id,
    missing,
    existing,
    reason,
  }));
}

const bitmaps = async (model: TestModel): Promise<number> =>
  (await test.pool.query('select distinct owner_id from record_seen where environment_id = $1', [model.scope.environmentId])).rowCount ?? 0;

/** A model of ten records whose sync has found eight of them... or none. */
async function aHeldDeletion(): Promise<{ model: TestModel; syncId: string; id: string }> {
  const model = await aModel(test);
  const syncId = await aSync(test, model);
  await model.save(ids(0, 10));
  await finish(model, await aRun(model, syncId));
  return { model, syncId, id: (await heldOf(model))[0]!.id };
}

describe('the end of a complete run', () => {
  it('deletes what was there before and was neither saved nor met unchanged', async () => {
    const model = await aModel(test);
    const run = async (): Promise<Run> => aRun(model, await aSync(test, model));
    await model.save([{ id: 'gone' }, { id: 'same' }, { id: 'changed', n: 1 }, { id: 'merged', n: 1 }]);
    const first = await run();
    await model.save([{ id: 'same' }, { id: 'changed', n: 2 }, { id: 'new' }], first);
    await model.update([{ id: 'merged', n: 1 }], first);
    expect(await finish(model, first)).toEqual({ kind: 'deleted', ids: ['gone'] });
    expect(await living(model)).toEqual(['changed', 'merged', 'new', 'same']);
    expect(await model.one('gone')).toMatchObject({ _nango_metadata: { last_action: 'DELETED' } });
    const { rows } = await test.pool.query('select model, added, updated, deleted from execution_count where execution_id = $1', [first.executionId]);
    expect(rows).toEqual([{ model: 'Task', added: 1, updated: 1, deleted: 1 }]);
    expect(await test.store.counts(model.scope.environmentId, model.scope.connectionId)).toEqual({ Task: 4 });
    expect(await bitmaps(model)).toBe(0);
  });

  it('spares what another writer has changed since the run began', async () => {
    const model = await aModel(test);
    const syncId = await aSync(test, model);
    await model.save([{ id: 'touched', n: 1 }, { id: 'gone' }, { id: 'kept' }]);
    const run = await aRun(model, syncId);
    await model.save([{ id: 'kept' }], run);
    await model.save([{ id: 'touched', n: 2 }, { id: 'inserted' }]);
    expect(await finish(model, run)).toEqual({ kind: 'deleted', ids: ['gone'] });
    expect(await living(model)).toEqual(['inserted', 'kept', 'touched']);
  });

  it('works over many chunks of the bitmap, and shows deletions to a reader that was at the end', async () => {
    const model = await aModel(test);
    const syncId = await aSync(test, model);
    const records = ids(0, 9000);
    await model.save(records);
    const cursor = (await model.list({ limit: 10_000 })).records.at(-1)!._nango_metadata.cursor;
    const run = await aRun(model, syncId);
    const seen = records.filter((_, n) => n % 3 !== 0);
    for (let at = 0; at < seen.length; at += 1000) await model.save(seen.slice(at, at + 1000), run);
    expect(await finish(model, run)).toMatchObject({ kind: 'deleted' });
    expect(await living(model)).toEqual(seen.map((record) => record.id));
    const { records: news } = await model.list({ cursor, limit: 10_000 });
    expect(news).toHaveLength(3000);
    expect(new Set(news.map((record) => record._nango_metadata.last_action))).toEqual(new Set(['DELETED']));
  });

  it('deletes nothing after a run that swallowed an error', async () => {
    const model = await aModel(test);
    const run = await aRun(model, await aSync(test, model));
    await model.save(ids(0, 3));
    await test.pool.query('update execution set swallowed_error = true where id = $1', [run.executionId]);
    expect(await finish(model, run)).toEqual({ kind: 'spared', reason: 'swallowed_error' });
    expect(await living(model)).toHaveLength(3);
    expect(await heldOf(model)).toEqual([]);
  });

  it('does nothing for an execution of another environment', async () => {
    const [model, other] = [await aModel(test), await aModel(test)];
    await model.save([{ id: 'a' }]);
    const run = await aRun(other, await aSync(test, other));
    expect(await finish(model, run)).toEqual({ kind: 'spared', reason: 'not_tracked' });
  });
});

describe('a deletion that is too much to be believed', () => {
  it('of all, even of one, waits for a decision', async () => {
    const model = await aModel(test);
    const syncId = await aSync(test, model);
    await model.save([{ id: 'a' }]);
    const run = await aRun(model, syncId);
    await model.save([{ id: 'brand new' }], run);
    expect(await finish(model, run)).toMatchObject({ kind: 'held', missing: 1, existing: 1, reason: 'all' });
    expect(await living(model)).toEqual(['a', 'brand new']);
  });

  it('of more than half of twenty waits, of half does not', async () => {
    const model = await aModel(test);
    const syncId = await aSync(test, model);
    await model.save(ids(0, 20));
    const half = await aRun(model, syncId);
    await model.save(ids(9, 20), half);
    const more = await aRun(model, syncId);
    await model.save(ids(11, 20), more);
    expect(await finish(model, more)).toMatchObject({ kind: 'held', missing: 11, existing: 20, reason: 'share' });
    expect(await finish(model, half)).toMatchObject({ kind: 'deleted', ids: ids(0, 9).map(({ id }) => id) });
  });

  it('follows the share that the environment has set', async () => {
    const model = await aModel(test);
    const syncId = await aSync(test, model);
    await model.save(ids(0, 20));
    await test.pool.query('update environment set deletion_hold_percent = 10 where id = $1', [model.scope.environmentId]);
    const run = await aRun(model, syncId);
    await model.save(ids(3, 20), run);
    expect(await finish(model, run)).toMatchObject({ kind: 'held', missing: 3 });
  });

  it('is applied later, but for what has changed since', async () => {
    const { model, id } = await aHeldDeletion();
    await model.save([{ id: 'r00003', n: 1 }, { id: 'later' }]);
    expect(await test.deletions.apply(model.scope.environmentId, id)).toMatchObject({ state: 'applied', deleted: 9 });
    expect(await living(model)).toEqual(['later', 'r00003']);
    expect(await test.store.counts(model.scope.environmentId, model.scope.connectionId)).toEqual({ Task: 2 });
    expect(await bitmaps(model)).toBe(0);
    await expect(test.deletions.apply(model.scope.environmentId, id)).rejects.toMatchObject({ code: 'deletion_decided' });
  });

  it('is applied later, but for what a failed or unfinished run has met since', async () => {
    const { model, syncId, id } = await aHeldDeletion();
    const failed = await aRun(model, syncId);
    await model.save([{ id: 'r00001' }], failed);
    await fail(model, failed);
    await model.save([{ id: 'r00002' }], await aRun(model, syncId));
    expect(await test.deletions.apply(model.scope.environmentId, id)).toMatchObject({ deleted: 8 });
    expect(await living(model)).toEqual(['r00001', 'r00002']);
  });

  it('is dropped for good', async () => {
    const { model, id } = await aHeldDeletion();
    expect(await test.deletions.drop(model.scope.environmentId, id)).toMatchObject({ state: 'dropped', deleted: 0 });
    expect(await living(model)).toHaveLength(10);
    for (const decide of ['apply', 'drop', 'undo'] as const) {
      await expect(test.deletions[decide](model.scope.environmentId, id)).rejects.toMatchObject({ code: 'deletion_decided' });
    }
  });

  it('is out of date when a later run has looked again, or the cache was emptied', async () => {
    const { model, syncId, id } = await aHeldDeletion();
    const complete = await aRun(model, syncId);
    await model.save(ids(0, 10), complete);
    expect(await finish(model, complete)).toEqual({ kind: 'deleted', ids: [] });
    await expect(test.deletions.apply(model.scope.environmentId, id)).rejects.toMatchObject({ code: 'deletion_decided' });
    await finish(model, await aRun(model, syncId));
    expect(await heldOf(model)).toHaveLength(1);
    await test.store.drop(model.scope);
    expect(await heldOf(model)).toEqual([]);
    expect(await bitmaps(model)).toBe(0);
  });

  it('is unknown in another environment', async () => {
    const { model, id } = await aHeldDeletion();
    const other = await aModel(test);
    for (const decide of ['apply', 'drop', 'undo'] as const) {
      await expect(test.deletions[decide](other.scope.environmentId, id)).rejects.toMatchObject({ code: 'unknown_deletion' });
    }
    expect(await living(model)).toHaveLength(10);
  });
});

describe('taking back', () => {
  async function anApplied(): Promise<{ model: TestModel; id: string }> {
    const { model, id } = await aHeldDeletion();
    await test.deletions.apply(model.scope.environmentId, id);
    return { model, id };
  }

  it('brings back what was deleted and not changed since, as records that readers meet as added', async () => {
    const { model, id } = await anApplied();
    const cursor = (await model.list({ limit: 10_000 })).records.at(-1)!._nango_metadata.cursor;
    await model.save([{ id: 'r00004', n: 2 }]);
    await model.delete([{ id: 'r00004' }]);
    const { deletion, restored } = await test.deletions.undo(model.scope.environmentId, id);
    expect([deletion.state, restored]).toEqual(['undone', 9]);
    const { records } = await model.list({ cursor, filter: ['ADDED'] });
    expect(records.map((record) => record.id).toSorted()).toEqual(
      ids(0, 10)
        .map(({ id }) => id)
        .filter((id) => id !== 'r00004'),
    );
    expect(await test.store.counts(model.scope.environmentId, model.scope.connectionId)).toEqual({ Task: 9 });
    await expect(test.deletions.undo(model.scope.environmentId, id)).rejects.toMatchObject({ code: 'deletion_decided' });
  });

  it('is possible for seven days', async () => {
    const { model, id } = await anApplied();
    await test.pool.query(`update record_deletion set decided_at = decided_at - interval '6 days 23 hours' where id = $1`, [id]);
    const older = await anApplied();
    await test.pool.query(`update record_deletion set decided_at = decided_at - interval '7 days' where id = $1`, [older.id]);
    expect(await test.deletions.undo(model.scope.environmentId, id)).toMatchObject({ restored: 10 });
    await expect(test.deletions.undo(older.model.scope.environmentId, older.id)).rejects.toMatchObject({ code: 'undo_expired' });
  });

  it('works for a deletion that was not held, too', async () => {
    const model = await aModel(test);
    const run = await aRun(model, await aSync(test, model));
    await model.save(ids(0, 2));
    const later = await aRun(model, run.syncId);
    await model.save(ids(0, 1), later);
    await finish(model, later);
    const [applied] = await test.deletions.list({ ...model.scope, states: ['applied'] });
    expect(await test.deletions.undo(model.scope.environmentId, applied!.id)).toMatchObject({ restored: 1 });
    expect(await living(model)).toHaveLength(2);
  });
});

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
