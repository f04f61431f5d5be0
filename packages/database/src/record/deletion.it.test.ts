import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Deleting, ids, living, type Run } from '../test/deleting.js';
import { aModel, aSync, openStore, type TestModel, type TestStore } from '../test/store.js';

let test: TestStore;
const { aRun, finish, fail, heldOf, bitmaps, aHeldDeletion } = new Deleting(() => test);

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

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
