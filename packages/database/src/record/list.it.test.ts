import { afterAll, beforeAll, expect, it } from 'vitest';
import { aModel, openStore, type TestModel, type TestStore } from '../test/store.js';

let test: TestStore;
let model: TestModel;

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

const ids = async (request: Parameters<TestModel['list']>[0]): Promise<string[]> => (await model.list(request)).records.map((record) => record.id);
const some = (count: number, from = 0): { id: string; n: number }[] => Array.from({ length: count }, (_, n) => ({ id: `r${n + from}`, n }));

it('pages with a cursor until it is null, and goes on from the last record later', async () => {
  model = await aModel(test);
  await model.save(some(5));
  const first = await model.list({ limit: 2 });
  expect(first.records.map((record) => record.id)).toEqual(['r0', 'r1']);
  const second = await model.list({ limit: 2, cursor: first.next_cursor! });
  const third = await model.list({ limit: 2, cursor: second.next_cursor! });
  expect(third.records.map((record) => record.id)).toEqual(['r4']);
  expect(third.next_cursor).toBeNull();
  const cursor = third.records[0]!._nango_metadata.cursor;
  expect(await model.list({ cursor })).toEqual({ records: [], next_cursor: null });
  await model.save([{ id: 'r0', n: 99 }, { id: 'later' }]);
  expect(await ids({ cursor })).toEqual(['r0', 'later']);
});

it('gives a hundred unless told otherwise, and at most ten thousand', async () => {
  model = await aModel(test);
  await model.save(some(101));
  expect(await ids({})).toHaveLength(100);
  expect(await ids({ limit: 10_000 })).toHaveLength(101);
  for (const limit of [0, -1, 1.5, 10_001]) await expect(model.list({ limit })).rejects.toMatchObject({ code: 'invalid_query_params' });
});

it('filters by the union of what is named', async () => {
  model = await aModel(test);
  await model.save([{ id: 'added' }, { id: 'updated', n: 1 }, { id: 'deleted' }]);
  await model.save([{ id: 'updated', n: 2 }]);
  await model.delete([{ id: 'deleted' }]);
  expect(await ids({ filter: ['ADDED'] })).toEqual(['added']);
  expect(await ids({ filter: ['UPDATED', 'DELETED'] })).toEqual(['updated', 'deleted']);
  expect(await ids({ filter: ['ADDED', 'DELETED'] })).toEqual(['added', 'deleted']);
  expect(await ids({ filter: ['ADDED', 'UPDATED'] })).toEqual(['added', 'updated']);
  expect(await ids({ filter: ['ADDED', 'UPDATED', 'DELETED'] })).toHaveLength(3);
  expect(await ids({ filter: [] })).toHaveLength(3);
});

it('finds what was modified at or after a moment, to the microsecond', async () => {
  model = await aModel(test);
  for (let n = 0; n < 50; n++) await model.save([{ id: `r${n}` }]);
  const { records } = await model.list();
  for (const n of [0, 1, 17, 49]) {
    const at = records[n]!._nango_metadata.last_modified_at;
    expect(await ids({ modifiedAfter: at })).toEqual(records.slice(n).map((record) => record.id));
    expect(await ids({ modifiedAfter: at, cursor: records[20]!._nango_metadata.cursor })).toEqual(records.slice(Math.max(n, 21)).map((record) => record.id));
  }
  expect(await ids({ modifiedAfter: new Date(Date.now() + 60_000) })).toEqual([]);
  expect(await ids({ modifiedAfter: new Date(0) })).toHaveLength(50);
});

it('never dates a change before an earlier one, even when a clock went back', async () => {
  model = await aModel(test);
  await model.save([{ id: 'a' }], { now: new Date('2026-01-02') });
  await model.save([{ id: 'b' }], { now: new Date('2026-01-01') });
  const [a, b] = (await model.list()).records;
  expect(a!._nango_metadata.last_modified_at).toBe('2026-01-02T00:00:00.000000+00:00');
  expect(b!._nango_metadata.last_modified_at).toBe(a!._nango_metadata.last_modified_at);
});

it('picks records by id', async () => {
  model = await aModel(test);
  await model.save(some(10));
  expect(await ids({ ids: ['r3', 'r7', 'unknown'] })).toEqual(['r3', 'r7']);
  expect(await ids({ ids: ['r3'], filter: ['DELETED'] })).toEqual([]);
});

it('opens each block once per page', async () => {
  model = await aModel(test);
  await model.save(some(200));
  test.sealer.opened = 0;
  await model.list({ limit: 200 });
  expect(test.sealer.opened).toBe(2);
});

it('answers an empty page for a model never saved', async () => {
  model = await aModel(test);
  expect(await model.list()).toEqual({ records: [], next_cursor: null });
});

it.each(['nonsense', 'MTo=', Buffer.from('2:1:1').toString('base64'), Buffer.from("1:1:1' or 1=1").toString('base64')])(
  'refuses the cursor %s',
  async (cursor) => {
    model = await aModel(test);
    await expect(model.list({ cursor })).rejects.toMatchObject({ code: 'invalid_cursor' });
  },
);

it('starts from the beginning for a cursor of another cache, so that nothing is skipped', async () => {
  model = await aModel(test);
  await model.save(some(3));
  const cursor = (await model.list()).records.at(-1)!._nango_metadata.cursor;
  model = await aModel(test);
  await model.save(some(2));
  expect(await ids({ cursor })).toEqual(['r0', 'r1']);
});

it('opens no block again that the page before ended in', async () => {
  model = await aModel(test);
  await model.save(some(200));
  const first = await model.list({ limit: 100 });
  test.sealer.opened = 0;
  const second = await model.list({ limit: 50, cursor: first.next_cursor! });
  expect(second.records).toEqual((await model.list({ limit: 150 })).records.slice(100));
  // Slots 100 to 127 of the known block, then the second one; and both for the page that began at the start.
  expect(test.sealer.opened).toBe(3);
});

it('shows nothing of another cache to a reader with its cursor', async () => {
  model = await aModel(test);
  await model.save(some(3, 100));
  const foreign = (await model.list({ limit: 2 })).next_cursor!;
  model = await aModel(test);
  await model.save(some(3));
  expect(await ids({ cursor: foreign })).toEqual(['r0', 'r1', 'r2']);
  expect((await model.list({ cursor: foreign })).records).toMatchObject([{ n: 0 }, { n: 1 }, { n: 2 }]);
});
