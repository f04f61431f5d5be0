import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transaction } from '../pool.js';
import { Deleting, ids, living } from '../test/deleting.js';
import { aModel, anExecution, aSync, openStore, type TestModel, type TestStore } from '../test/store.js';
import { RecordUpkeep } from './record-upkeep.js';

let test: TestStore;
const { aRun, finish, fail, heldOf } = new Deleting(() => test);

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

type Two = { model: TestModel; one: string; other: string };
const aModelOfTwo = async (): Promise<Two> => {
  const model = await aModel(test);
  return { model, one: await aSync(test, model), other: await aSync(test, model) };
};
const records = (...names: string[]): { id: string }[] => names.map((id) => ({ id }));

/** A complete run of a sync that tracks deletions, and what it deletes. */
const runs = async (model: TestModel, syncId: string, ...found: string[]): Promise<unknown> => {
  const run = await aRun(model, syncId);
  await model.save(records(...found), run);
  return finish(model, run);
};
/** A run of a sync that does not. */
const adds = async (model: TestModel, syncId: string, ...found: string[]): Promise<void> => {
  await model.save(records(...found), { ...(await anExecution(test, model, syncId)), syncId });
};
/** Deploys another version of a sync's script, which tracks no deletions. */
const deployUntracking = async ({ scope: { environmentId } }: TestModel, syncId: string, code: string): Promise<void> => {
  await test.pool.query(
    `with made as (insert into deployment (environment_id) values ($1) returning id),
       packed as (insert into bundle (environment_id, hash, code) values ($1, $3, $3)),
       version as (
         insert into script_version (environment_id, script_id, deployment_id, version, bundle_hash, models)
         select $1, y.script_id, made.id, '2', $3, '{Task}' from sync y, made where y.id = $2 returning id, script_id
       )
     update script s set active_version_id = version.id from version where s.id = version.script_id`,
    [environmentId, syncId, code],
  );
};
const nothing = { kind: 'deleted', ids: [] };
const claims = async (model: TestModel): Promise<unknown[]> =>
  (await test.pool.query('select distinct sync_id from record_claim where environment_id = $1', [model.scope.environmentId])).rows;

describe('two syncs that save one model of one connection', () => {
  it("leave each other's records alone, and delete their own", async () => {
    const { model, one, other } = await aModelOfTwo();
    expect(await runs(model, one, 'a1', 'a2', 'a3')).toEqual(nothing);
    expect(await runs(model, other, 'b1', 'b2', 'b3')).toEqual(nothing);
    expect(await runs(model, one, 'a1', 'a2', 'a3')).toEqual(nothing);
    expect(await runs(model, other, 'b1', 'b2')).toEqual({ kind: 'deleted', ids: ['b3'] });
    expect(await runs(model, one, 'a2', 'a3')).toEqual({ kind: 'deleted', ids: ['a1'] });
    expect(await living(model)).toEqual(['a2', 'a3', 'b1', 'b2']);
  });

  it('keep what one of them still finds, until neither does', async () => {
    const { model, one, other } = await aModelOfTwo();
    await runs(model, one, 'a', 'both');
    await runs(model, other, 'b', 'both');
    expect(await runs(model, one, 'a')).toEqual(nothing);
    expect(await runs(model, other, 'b')).toEqual({ kind: 'deleted', ids: ['both'] });
  });

  it('leave alone what a sync without deletion tracking has saved, until that sync is gone', async () => {
    const { model, one, other } = await aModelOfTwo();
    await adds(model, other, 'new', 'news');
    await runs(model, one, 'a', 'b', 'c');
    expect(await runs(model, one, 'a', 'b', 'c')).toEqual(nothing);
    await test.pool.query(`update sync set deleted_at = clock_timestamp() where id = $1`, [other]);
    expect(await runs(model, one, 'a', 'b', 'c')).toEqual({ kind: 'deleted', ids: ['new', 'news'] });
  });

  it('let the one that tracks delete what it has saved as well as the one that does not', async () => {
    const { model, one, other } = await aModelOfTwo();
    await runs(model, one, 'a', 'b', 'c');
    await adds(model, other, 'a', 'b', 'c');
    expect(await runs(model, one, 'a', 'b')).toEqual({ kind: 'deleted', ids: ['c'] });
    // The other one says that it is there: that is for the other one to know.
    await adds(model, other, 'c');
    expect(await runs(model, one, 'a', 'b')).toEqual(nothing);
  });

  it('keep what a script beside the runs of one of them has found, which tracks deletions', async () => {
    const { model, one, other } = await aModelOfTwo();
    await runs(model, one, ...ids(0, 5000).map(({ id }) => id));
    await runs(model, other, 'r00000', 'r00001', 'r00002');
    // In another chunk of the claims than its runs have ever met.
    await adds(model, other, 'r04999');
    expect(await runs(model, one, ...ids(0, 4999).map(({ id }) => id))).toEqual(nothing);
  });

  it('are not kept by one that tracks deletions no more', async () => {
    const { model, one, other } = await aModelOfTwo();
    await runs(model, other, 'b', 'both', 'other');
    await runs(model, one, 'a', 'c', 'both', 'other');
    await deployUntracking(model, other, 'nango.trackDeletesStart("Task")');
    expect(await runs(model, one, 'a', 'c', 'other')).toEqual(nothing);
    await deployUntracking(model, other, 'nango.batchSave([], "Task")');
    expect(await runs(model, one, 'a', 'c')).toEqual({ kind: 'deleted', ids: ['other'] });
  });

  it('leave alone what the other one brings back that was deleted by hand, though it was theirs, too', async () => {
    const { model, one, other } = await aModelOfTwo();
    await adds(model, other, 'new');
    await runs(model, one, 'a', 'b', 'x');
    await model.delete(records('x'));
    await runs(model, one, 'a', 'b');
    await adds(model, other, 'x');
    expect(await runs(model, one, 'a', 'b')).toEqual(nothing);
    expect(await runs(model, one, 'a', 'b', 'x')).toEqual(nothing);
    expect(await runs(model, one, 'a', 'b')).toEqual({ kind: 'deleted', ids: ['x'] });
  });

  it('leave alone what of the other one was deleted and is undone', async () => {
    const { model, one, other } = await aModelOfTwo();
    await runs(model, other, 'b1', 'b2', 'b3');
    await runs(model, one, 'a1', 'a2', 'a3');
    expect(await runs(model, one, 'a1', 'a2')).toEqual({ kind: 'deleted', ids: ['a3'] });
    const { environmentId, connectionId } = model.scope;
    const [applied] = await test.deletions.list({ environmentId, connectionId, states: ['applied'] });
    expect(await test.deletions.undo(environmentId, applied!.id)).toMatchObject({ restored: 1 });
    expect(await runs(model, other, 'b1', 'b2', 'b3')).toEqual(nothing);
    expect(await runs(model, one, 'a1', 'a2')).toEqual({ kind: 'deleted', ids: ['a3'] });
  });

  it('are judged by what each has saved itself', async () => {
    const { model, one, other } = await aModelOfTwo();
    await adds(model, other, ...ids(0, 100).map(({ id }) => id));
    await runs(model, one, 'a', 'b');
    expect(await runs(model, one)).toMatchObject({ kind: 'held', missing: 2, existing: 2, reason: 'all' });
    const [held] = await heldOf(model);
    expect(await test.deletions.apply(model.scope.environmentId, held!.id)).toMatchObject({ deleted: 2 });
    expect(await living(model)).toHaveLength(100);
  });

  it('keep to that when the deletions of one are tracked by hand', async () => {
    const { model, one, other } = await aModelOfTwo();
    await runs(model, other, 'b1', 'both');
    const explicit = async (...found: string[]): Promise<unknown> => {
      const scope = { ...model.scope, syncId: one };
      await test.deletions.startTracking(test.pool, scope);
      const run = await anExecution(test, model, one);
      await model.save(records(...found), { ...run, syncId: one });
      return transaction(test.pool, (client) => test.deletions.endTracking(client, { ...scope, executionId: run.executionId }));
    };
    expect(await explicit('a1', 'a2', 'both')).toEqual(nothing);
    expect(await runs(model, other, 'b1')).toEqual(nothing);
    expect(await explicit('a1')).toEqual({ kind: 'deleted', ids: expect.arrayContaining(['a2', 'both']) });
    expect(await living(model)).toEqual(['a1', 'b1']);
  });
});

describe('what a sync has saved', () => {
  it('stays its own after a run that failed', async () => {
    const { model, one, other } = await aModelOfTwo();
    const failing = await aRun(model, one);
    await model.save(records('a1', 'a2'), failing);
    await fail(model, failing);
    expect(await runs(model, other, 'b')).toEqual(nothing);
    expect(await runs(model, one, 'a2')).toEqual({ kind: 'deleted', ids: ['a1'] });
  });

  it('is its own no more when the cache is emptied or the sync is gone', async () => {
    const { model, one, other } = await aModelOfTwo();
    await runs(model, one, 'a');
    await runs(model, other, 'b');
    expect(await claims(model)).toHaveLength(2);
    await test.pool.query(`update sync set deleted_at = clock_timestamp() where id = $1`, [other]);
    await new RecordUpkeep(test.pool, test.sealer).run({ pruneAfterDays: 0, deleteAfterDays: 0 });
    expect(await claims(model)).toEqual([{ sync_id: one }]);
    await test.store.drop(model.scope);
    expect(await claims(model)).toEqual([]);
  });

  it('is found over many chunks', async () => {
    const { model, one, other } = await aModelOfTwo();
    const mine = ids(0, 5000).map(({ id }) => id);
    const theirs = ids(5000, 10_000).map(({ id }) => id);
    await runs(model, one, ...mine);
    await runs(model, other, ...theirs);
    expect(await runs(model, one, ...mine.slice(10))).toMatchObject({ kind: 'deleted', ids: { length: 10 } });
    expect(await runs(model, other, ...theirs.slice(10))).toMatchObject({ kind: 'deleted', ids: { length: 10 } });
    expect(await living(model)).toEqual([...mine.slice(10), ...theirs.slice(10)]);
  });
});
