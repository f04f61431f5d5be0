import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aModel, anExecution, openStore, type TestModel, type TestStore } from '../test/store.js';
import { RecordUpkeep } from './record-upkeep.js';

// A million with RECORD_UPDATES=1000000.
const updates = Number(process.env['RECORD_UPDATES'] ?? 30_000);
const dayMs = 24 * 60 * 60 * 1000;

let test: TestStore;
let upkeep: RecordUpkeep;

beforeAll(async () => {
  test = await openStore();
  upkeep = new RecordUpkeep(test.pool, test.sealer);
});
afterAll(() => test.close());

const rows = (count: number, n = 1): { id: string; n: number }[] => Array.from({ length: count }, (_, at) => ({ id: `r${at}`, n }));
const blocksOf = async ({ scope }: TestModel): Promise<{ count: number; living: number; bytes: number }> => {
  const { rows: found } = await test.pool.query<{ count: number; living: number; bytes: number }>(
    `select count(*)::int as count, coalesce(sum(b.living), 0)::int as living, coalesce(sum(octet_length(b.data)), 0)::int as bytes
     from record_block b join record_model m on m.id = b.model_id where m.connection_id = $1`,
    [scope.connectionId],
  );
  return found[0]!; // an aggregate answers one row
};
const ago = (days: number): Date => new Date(Date.now() - days * dayMs);
const off = { pruneAfterDays: 0, deleteAfterDays: 0 };

describe('pruning', () => {
  it('takes payloads up to a record, oldest first, and keeps id, state and cursor', async () => {
    const model = await aModel(test);
    await model.save(rows(5));
    await model.delete([{ id: 'r1' }]);
    const before = await model.list();
    const untilCursor = before.records[2]!._nango_metadata.cursor;
    expect(await test.store.prune({ ...model.scope, untilCursor, limit: 2 })).toEqual({ count: 2, hasMore: true });
    expect(await test.store.prune({ ...model.scope, untilCursor, limit: 2 })).toEqual({ count: 1, hasMore: false });
    expect(await test.store.prune({ ...model.scope, untilCursor, limit: 2 })).toEqual({ count: 0, hasMore: false });
    const after = await model.list();
    const [first] = after.records;
    expect(first).toEqual({ id: 'r0', _nango_metadata: { ...before.records[0]!._nango_metadata, pruned_at: expect.stringMatching(/\.\d{6}\+00:00$/) } });
    expect(after.records.map((record) => record['n'])).toEqual([undefined, undefined, undefined, 1, 1]);
    expect(await blocksOf(model)).toMatchObject({ living: 2 });
    expect(await test.store.getByIds(model.scope, ['r0', 'r4'])).toEqual(new Map([['r4', { id: 'r4', n: 1 }]]));
  });

  it('drops blocks that nothing points to any more', async () => {
    const model = await aModel(test);
    await model.save(rows(300));
    const untilCursor = (await model.list({ limit: 1000 })).records.at(-1)!._nango_metadata.cursor;
    await test.store.prune({ ...model.scope, untilCursor, limit: 10_000 });
    expect(await blocksOf(model)).toEqual({ count: 0, living: 0, bytes: 0 });
  });

  it('is undone by a save of the same record, which readers do not meet again', async () => {
    const model = await aModel(test);
    await model.save(rows(2));
    const { records } = await model.list();
    const untilCursor = records[1]!._nango_metadata.cursor;
    const run = await anExecution(test, model);
    await model.save(rows(1), run);
    await test.store.prune({ ...model.scope, untilCursor, limit: 10 });
    expect(await model.save(rows(1), run)).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await model.save([{ id: 'r1', n: 2 }])).toMatchObject({ updated: 1 });
    expect((await model.list()).records[0]).toEqual(records[0]);
    expect(await model.one('r1')).toMatchObject({ n: 2, _nango_metadata: { pruned_at: null, last_action: 'UPDATED' } });
  });

  it('leaves a deleted record without payload, until it is saved again', async () => {
    const model = await aModel(test);
    await model.save(rows(1));
    const untilCursor = (await model.list()).records[0]!._nango_metadata.cursor;
    await test.store.prune({ ...model.scope, untilCursor, limit: 10 });
    await model.delete([{ id: 'r0' }]);
    expect((await model.one('r0'))!).toEqual({ id: 'r0', _nango_metadata: expect.objectContaining({ last_action: 'DELETED', pruned_at: expect.any(String) }) });
    expect(await model.save(rows(1))).toMatchObject({ added: 1 });
    expect(await model.one('r0')).toMatchObject({ n: 1, _nango_metadata: { pruned_at: null } });
  });

  it('knows neither other cursors nor other environments', async () => {
    const [model, other] = [await aModel(test), await aModel(test)];
    await Promise.all([model.save(rows(2)), other.save(rows(2))]);
    const untilCursor = (await other.list()).records[1]!._nango_metadata.cursor;
    expect(await test.store.prune({ ...model.scope, untilCursor, limit: 10 })).toEqual({ count: 0, hasMore: false });
    expect(await test.store.prune({ ...other.scope, environmentId: model.scope.environmentId, untilCursor, limit: 10 })).toEqual({ count: 0, hasMore: false });
    await expect(test.store.prune({ ...model.scope, untilCursor: 'x', limit: 10 })).rejects.toMatchObject({ code: 'invalid_cursor' });
    expect(await blocksOf(other)).toMatchObject({ living: 2 });
  });

  it('by age takes what nothing has updated or restored for so long', async () => {
    const model = await aModel(test);
    await model.save(rows(3), { now: ago(40) });
    await model.save([{ id: 'r0', n: 2 }], { now: ago(29) });
    await upkeep.run({ ...off, pruneAfterDays: 30 });
    const pruned = async (): Promise<string[]> =>
      (await model.list()).records.filter((record) => record._nango_metadata.pruned_at !== null).map((record) => record.id);
    expect(await pruned()).toEqual(['r1', 'r2']);
    await model.save([{ id: 'r1', n: 1 }]);
    await upkeep.run({ ...off, pruneAfterDays: 30 });
    expect(await pruned()).toEqual(['r2']);
    await upkeep.run({ ...off, pruneAfterDays: 0 }, { now: ago(-1000) });
    expect(await pruned()).toEqual(['r2']);
  });
});

describe('caches whose sync has not run', () => {
  it('are emptied after so many days', async () => {
    const [forgotten, run, changed] = [await aModel(test), await aModel(test), await aModel(test)];
    for (const model of [forgotten, run]) await model.save(rows(3), { now: ago(70) });
    await changed.save(rows(3), { now: ago(59) });
    await test.pool.query('update record_model set last_run_at = $1 where connection_id = any($2)', [
      ago(70),
      [forgotten.scope.connectionId, changed.scope.connectionId],
    ]);
    expect(await upkeep.run(off)).toMatchObject({ emptied: 0 });
    expect(await upkeep.run({ ...off, deleteAfterDays: 60 })).toMatchObject({ emptied: 1 });
    const left = await Promise.all([forgotten, run, changed].map(async (model) => (await model.list()).records.length));
    expect(left).toEqual([0, 3, 3]);
  });
});

describe('half-empty blocks', () => {
  it('are rewritten into full ones, and readers see the same', async () => {
    const model = await aModel(test);
    for (let n = 0; n < 4; n++) await model.save(Array.from({ length: 128 }, (_, at) => ({ id: `r${n * 128 + at}`, n })));
    await model.save(Array.from({ length: 512 }, (_, at) => ({ id: `r${at}`, n: 9 })).filter((_, at) => at % 4 !== 0));
    const before = await model.list({ limit: 1000 });
    const { count, living } = await blocksOf(model);
    await upkeep.run(off);
    expect(await model.list({ limit: 1000 })).toEqual(before);
    expect(await blocksOf(model)).toMatchObject({ living, count: count - 3 });
    expect(await model.save(rows(1, 5))).toMatchObject({ updated: 1 });
  });

  it('spare what is written at the same time', async () => {
    const model = await aModel(test);
    for (let n = 0; n < 40; n++) await model.save([{ id: `r${n}`, n: 0 }]);
    const compactions = (async () => {
      for (let round = 0; round < 20; round++) await upkeep.run(off);
    })();
    for (let n = 1; n <= 60; n++) await model.save([{ id: `r${n % 40}`, n }]);
    for (let n = 1; n <= 20; n++) await model.update([{ id: `r${n}`, merged: n }]);
    await compactions;
    const { records } = await model.list();
    expect(new Map(records.map((record) => [record.id, record['n']]))).toEqual(new Map(Array.from({ length: 40 }, (_, n) => [`r${n}`, n <= 20 ? n + 40 : n])));
    const { living } = await blocksOf(model);
    expect(living).toBe(40);
  });

  it(
    'and dropped ones give their space back, however many updates there were',
    async () => {
      const model = await aModel(test);
      const count = 3000;
      const record = (at: number, version: number) => ({ id: `r${at}`, version, text: `${at} ${version} `.repeat(20) });
      await model.save(Array.from({ length: count }, (_, at) => record(at, 0)));
      const fresh = await blocksOf(model);
      const diskAt: number[] = [];
      for (let done = 0, version = 1; done < updates; version++) {
        const batch = Math.min(100 + ((version * 37) % 400), updates - done);
        const first = (version * 7919) % count;
        const ids = new Set(Array.from({ length: batch }, (_, n) => (first + n * 13) % count));
        await model.save([...ids].map((at) => record(at, version)));
        done += ids.size;
        if (version % 50 === 0) await upkeep.run(off);
        if (version % 50 === 0) await test.pool.query('vacuum record, record_block');
        if (done >= updates / 2 && diskAt.length === 0) diskAt.push(await tidied());
      }
      diskAt.push(await tidied());
      const worn = await blocksOf(model);
      expect(worn.living).toBe(count);
      expect(worn.bytes).toBeLessThan(fresh.bytes * 2.5);
      expect(worn.count).toBeLessThan(fresh.count * 3);
      expect(diskAt[1]).toBeLessThan(diskAt[0]! * 1.5); // measured at half time too
      if (process.env['RECORD_UPDATES']) process.stdout.write(`${JSON.stringify({ updates, fresh, worn, diskAt })}\n`);
    },
    updates / 2 + 60_000,
  );
});

async function tidied(): Promise<number> {
  await upkeep.run(off);
  await test.pool.query('vacuum record, record_block');
  return diskSize();
}

async function diskSize(): Promise<number> {
  const { rows: found } = await test.pool.query<{ bytes: number }>(
    `select sum(pg_total_relation_size(oid))::bigint as bytes from pg_class where relname like 'record\\__' or relname = 'record_block'`,
  );
  return found[0]?.bytes ?? 0;
}
