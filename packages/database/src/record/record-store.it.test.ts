import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aModel, openStore, type TestStore } from '../test/store.js';

let test: TestStore;

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

const actions = async (model: Awaited<ReturnType<typeof aModel>>): Promise<string[]> =>
  (await model.list()).records.map((record) => `${record.id} ${record._nango_metadata.last_action}`);

describe('saving', () => {
  it('adds, updates and leaves alone what has not changed', async () => {
    const model = await aModel(test);
    expect(
      await model.save([
        { id: 'a', n: 1 },
        { id: 'b', n: 1 },
      ]),
    ).toEqual({ added: 2, updated: 0, deleted: 0, unchanged: 0, duplicates: [] });
    expect(
      await model.save([
        { id: 'a', n: 2 },
        { id: 'b', n: 1 },
      ]),
    ).toMatchObject({ added: 0, updated: 1, unchanged: 1 });
    expect(await actions(model)).toEqual(['b ADDED', 'a UPDATED']);
    expect(await model.one('a')).toMatchObject({ id: 'a', n: 2 });
  });

  it('writes nothing for an unchanged batch', async () => {
    const model = await aModel(test);
    await model.save([{ id: 'a', n: 1 }]);
    const before = await test.pool.query('select xmin, * from record where connection_id = $1', [model.scope.connectionId]);
    await model.save([{ id: 'a', n: 1 }]);
    const after = await test.pool.query('select xmin, * from record where connection_id = $1', [model.scope.connectionId]);
    expect(after.rows).toEqual(before.rows);
  });

  it('sees another key order as a change, as the hash of the text always has', async () => {
    const model = await aModel(test);
    await model.save([{ id: 'a', x: 1, y: 2 }]);
    expect(await model.save([{ id: 'a', y: 2, x: 1 }])).toMatchObject({ updated: 1 });
  });

  it('takes numbers as ids, strips NUL bytes from ids and metadata from records', async () => {
    const model = await aModel(test);
    await model.save([{ id: 7 }, { id: 'b\0c', text: 'with\0nul', _nango_metadata: { cursor: 'old' } }]);
    const { records } = await model.list();
    expect(records.map(({ _nango_metadata, ...record }) => record)).toEqual([{ id: '7' }, { id: 'bc', text: 'with\0nul' }]);
    expect(await model.save([{ id: '7' }, { id: 'bc', text: 'with\0nul' }])).toMatchObject({ unchanged: 2 });
  });

  it('keeps the first of two records with the same id and reports the id', async () => {
    const model = await aModel(test);
    expect(
      await model.save([
        { id: '1', n: 'first' },
        { id: 1, n: 'second' },
        { id: '1', n: 'third' },
      ]),
    ).toMatchObject({ added: 1, duplicates: ['1'] });
    expect(await model.one('1')).toMatchObject({ n: 'first' });
  });

  it.each([[{}], [{ id: '' }], [{ id: '\0' }], [{ id: 'x'.repeat(256) }], [{ id: null }], [{ id: Number.NaN }]])('refuses the record %j', async (record) => {
    const model = await aModel(test);
    await expect(model.save([record as never])).rejects.toMatchObject({ code: 'invalid_record' });
  });

  it('refuses a connection of another environment like one that never was', async () => {
    const [ours, theirs] = [await aModel(test), await aModel(test)];
    const crossed = { ...ours.scope, environmentId: theirs.scope.environmentId };
    await expect(test.store.save({ ...crossed, operation: 'save', records: [{ id: '1' }] })).rejects.toMatchObject({ code: 'unknown_connection' });
    await ours.save([{ id: '1' }]);
    await expect(test.store.save({ ...crossed, operation: 'save', records: [{ id: '1' }] })).rejects.toMatchObject({ code: 'unknown_connection' });
    expect((await test.store.list(crossed)).records).toEqual([]);
  });

  it('stores no payload, and no hash that can be guessed, in the clear', async () => {
    const model = await aModel(test);
    const twin = await aModel(test);
    await Promise.all([model.save([{ id: 'a', secret: 'hunter2hunter2' }]), twin.save([{ id: 'a', secret: 'hunter2hunter2' }])]);
    const { rows } = await test.pool.query<{ data: Buffer }>('select data from record_block');
    expect(rows.some(({ data }) => data.includes('hunter2'))).toBe(false);
    const hashes = await test.pool.query('select distinct hash from record where connection_id = any($1)', [
      [model.scope.connectionId, twin.scope.connectionId],
    ]);
    expect(hashes.rowCount).toBe(2);
  });

  it('packs a large save into blocks and drops those that nothing points to any more', async () => {
    const model = await aModel(test);
    const blocks = async (): Promise<number> =>
      (await test.pool.query('select 1 from record_block b join record_model m on m.id = b.model_id where m.connection_id = $1', [model.scope.connectionId]))
        .rowCount ?? 0;
    await model.save(threeHundred(1));
    expect(await blocks()).toBe(3);
    await model.save(threeHundred(2));
    expect(await blocks()).toBe(3);
    await model.save([{ id: 'large', text: 'x'.repeat(200_000) }, { id: 'small' }]);
    expect(await blocks()).toBe(5);
    expect((await model.one('large'))?.['text']).toHaveLength(200_000);
  });
});

describe('updating', () => {
  it('merges objects at every depth, replaces arrays and ignores what is not there', async () => {
    const model = await aModel(test);
    await model.save([{ id: 'a', name: 'n', tags: [1, 2], deep: { x: 1, y: { z: 1 } } }]);
    expect(
      await model.update([
        { id: 'a', tags: [3], deep: { y: { w: 2 } } },
        { id: 'unknown', x: 1 },
      ]),
    ).toMatchObject({ added: 0, updated: 1, unchanged: 0 });
    const { _nango_metadata, ...record } = (await model.one('a'))!;
    expect(record).toEqual({ id: 'a', name: 'n', tags: [3], deep: { x: 1, y: { z: 1, w: 2 } } });
    expect(await model.update([{ id: 'a', name: 'n' }])).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await model.one('unknown')).toBeUndefined();
  });

  it('leaves a deleted record alone', async () => {
    const model = await aModel(test);
    await model.save([{ id: 'a', n: 1 }]);
    await model.delete([{ id: 'a' }]);
    expect(await model.update([{ id: 'a', n: 2 }])).toMatchObject({ updated: 0 });
    expect(await actions(model)).toEqual(['a DELETED']);
  });
});

describe('deleting', () => {
  it('keeps the last full payload and needs only the id', async () => {
    const model = await aModel(test);
    await model.save([{ id: 'a', n: 1 }]);
    expect(await model.delete([{ id: 'a' }])).toMatchObject({ deleted: 1 });
    expect(await model.delete([{ id: 'a' }])).toMatchObject({ deleted: 0, unchanged: 1 });
    expect(await model.one('a')).toMatchObject({ id: 'a', n: 1, _nango_metadata: { last_action: 'DELETED' } });
  });

  it('takes the time of the deletion from the record', async () => {
    const model = await aModel(test);
    await model.save([{ id: 'a', n: 1 }]);
    await model.delete([{ id: 'a', deletedAt: '2024-05-06T07:08:09Z' }]);
    const metadata = (await model.one('a'))!._nango_metadata;
    expect(metadata.deleted_at).toBe('2024-05-06T07:08:09.000000+00:00');
    expect(metadata.last_modified_at > metadata.first_seen_at).toBe(true);
    await expect(model.delete([{ id: 'a', deletedAt: 'soon' }])).rejects.toMatchObject({ code: 'invalid_record' });
  });

  it('inserts an unknown id as already deleted', async () => {
    const model = await aModel(test);
    expect(await model.delete([{ id: 'ghost', n: 1 }])).toMatchObject({ deleted: 1 });
    expect(await actions(model)).toEqual(['ghost DELETED']);
    expect(await test.store.counts(model.scope.environmentId, model.scope.connectionId)).toEqual({ Task: 0 });
  });

  it('is undone by a save, which counts and reads as added', async () => {
    const model = await aModel(test);
    await model.save([{ id: 'a', n: 1 }]);
    const first = (await model.one('a'))!._nango_metadata.first_seen_at;
    await model.delete([{ id: 'a' }]);
    expect(await model.save([{ id: 'a', n: 1 }])).toMatchObject({ added: 1, updated: 0 });
    const metadata = (await model.one('a'))!._nango_metadata;
    expect(metadata).toMatchObject({ last_action: 'ADDED', deleted_at: null });
    expect(metadata.first_seen_at > first).toBe(true);
  });
});

describe('counts and dropping', () => {
  it('count the living, per model, and forget what is dropped', async () => {
    const model = await aModel(test);
    const { environmentId, connectionId } = model.scope;
    await model.save([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    await model.delete([{ id: 'a' }]);
    await model.save([{ id: 'x' }], { model: 'Other' });
    expect(await test.store.counts(environmentId, connectionId)).toEqual({ Task: 2, Other: 1 });
    expect(await test.store.counts(environmentId + 1, connectionId)).toEqual({});
    const cursor = (await model.list()).records.at(-1)!._nango_metadata.cursor;
    await test.store.drop({ environmentId, connectionId, models: ['Task'] });
    expect(await test.store.counts(environmentId, connectionId)).toEqual({ Task: 0, Other: 1 });
    expect(await model.save([{ id: 'a' }])).toMatchObject({ added: 1 });
    expect((await model.list({ cursor })).records.map((record) => record.id)).toEqual(['a']);
  });
});

function threeHundred(version: number): { id: string; version: number }[] {
  return Array.from({ length: 300 }, (_, n) => ({ id: `r${n}`, version }));
}
