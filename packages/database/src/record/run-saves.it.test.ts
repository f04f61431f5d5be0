import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aModel, anExecution, openStore, TestModel, type TestStore } from '../test/store.js';
import { RecordStore } from './record-store.js';

let test: TestStore;

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

type Row = { id: string; n: number };
const rows = (from: number, to: number, n: number): Row[] => Array.from({ length: to - from }, (_, at) => ({ id: `r${from + at}`, n }));
const listed = async (model: TestModel): Promise<Record<string, unknown>> =>
  Object.fromEntries((await model.list({ limit: 10_000 })).records.map(({ id, n, _nango_metadata }) => [id, _nango_metadata.deleted_at === null ? n : 'gone']));

/** How often rows were looked up meanwhile. */
async function lookUps(work: () => Promise<void>): Promise<number> {
  using query = vi.spyOn(test.pool, 'query');
  await work();
  return query.mock.calls.filter(([sql]) => String(sql).includes('as wanted (id)')).length;
}

describe('saves of one run', () => {
  it('that overlap are written in the order they came in', async () => {
    const model = await aModel(test);
    const run = await anExecution(test, model);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => model.save(rows(0, 50, n), { ...run, call: `batchSave:${n}` })));
    expect(answers[0]).toMatchObject({ added: 50 });
    expect(answers.slice(1).every(({ updated }) => updated === 50)).toBe(true);
    expect(new Set(Object.values(await listed(model)))).toEqual(new Set([19]));
  });

  it('compare with what the run has already saved, without asking for it again', async () => {
    const model = await aModel(test);
    const run = await anExecution(test, model);
    const asked = await lookUps(async () => {
      await model.save(rows(0, 1000, 1), run);
      expect(await model.save(rows(0, 1000, 1), run)).toMatchObject({ unchanged: 1000 });
      expect(await model.save(rows(500, 1500, 1), run)).toMatchObject({ unchanged: 500, added: 500 });
    });
    expect(asked).toBe(0);
  });

  it('of a run that meets many known rows read them once', async () => {
    const model = await aModel(test);
    await model.save(rows(0, 3000, 1));
    await model.delete([{ id: 'r2999' }]);
    const run = await anExecution(test, model);
    const asked = await lookUps(async () => {
      for (let at = 0; at < 3000; at += 100) {
        const answer = await model.save(rows(at, at + 100, 1), run);
        expect(answer).toMatchObject(at === 2900 ? { unchanged: 99, added: 1 } : { unchanged: 100 });
      }
    });
    expect(asked).toBe(1);
    expect(await model.save(rows(0, 2, 2), run)).toMatchObject({ updated: 2 });
    expect(await listed(model)).toMatchObject({ r0: 2, r1: 2, r2: 1, r2999: 1 });
  });

  it('notice every other writer, and lose nothing of it', async () => {
    const model = await aModel(test);
    const run = await anExecution(test, model);
    await model.save(rows(0, 100, 1), run);
    await model.save([
      { id: 'r0', n: 7 },
      { id: 'foreign', n: 7 },
    ]);
    expect(await model.save(rows(0, 100, 1), run)).toMatchObject({ updated: 1, unchanged: 99 });
    await model.delete([{ id: 'r1' }]);
    expect(await model.save([{ id: 'foreign', n: 8 }, ...rows(1, 2, 1)], run)).toMatchObject({ updated: 1, added: 1 });
    await test.store.drop(model.scope);
    expect(await model.save(rows(0, 100, 1), run)).toMatchObject({ added: 100 });
  });

  it('beside eight other writers end as if they had come one after the other', async () => {
    const model = await aModel(test);
    const run = await anExecution(test, model);
    const others = Array.from({ length: 8 }, (_, writer) => model.save([{ id: `w${writer}`, n: 0 }]).then(() => model.save(rows(writer, writer + 1, -1))));
    const mine = Array.from({ length: 10 }, (_, n) => model.save(rows(20 * n, 20 * n + 20, n), run));
    const answers = await Promise.all([...others, ...mine]);
    const living = answers.reduce((sum, { added, deleted }) => sum + added - deleted, 0);
    expect(living).toBe(200);
    expect(Object.keys(await listed(model))).toHaveLength(208);
    expect(await test.store.counts(model.scope.environmentId, model.scope.connectionId)).toEqual({ Task: 208 });
  });

  it('mix with updates and deletions in order', async () => {
    const model = await aModel(test);
    const run = await anExecution(test, model);
    const answers = await Promise.all([
      model.save(rows(0, 3, 1), run),
      model.update([{ id: 'r0', n: 2 }], run),
      model.delete([{ id: 'r1' }], run),
      model.save([{ id: 'r1', n: 3 }], run),
      model.update([{ id: 'r2', n: 4 }], run),
      model.delete([{ id: 'r2' }, { id: 'never' }], run),
    ]);
    expect(answers.map(({ added, updated, deleted }) => [added, updated, deleted])).toEqual([
      [3, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 2],
    ]);
    expect(await listed(model)).toEqual({ r0: 2, r1: 3, r2: 'gone', never: 'gone' });
  });

  it('go on after one that was refused or repeated', async () => {
    const model = await aModel(test);
    const run = await anExecution(test, model);
    const first = await model.save(rows(0, 5, 1), { ...run, call: 'a' });
    const results = await Promise.allSettled([
      model.save([{ id: '' }], run),
      model.save(rows(0, 9, 9), { ...run, call: 'a' }),
      model.save(rows(0, 5, 2), { ...run, tx: () => Promise.reject(new Error('no room')) }),
      model.save(rows(0, 5, 3), { ...run, call: 'b' }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ value: first });
    expect(results[3]).toMatchObject({ value: { added: 0, updated: 5 } });
    expect(await listed(model)).toEqual({ r0: 3, r1: 3, r2: 3, r3: 3, r4: 3 });
  });

  it('mark what they have met for the deletion at the end', async () => {
    const model = await aModel(test);
    const run = { ...(await anExecution(test, model)), trackSeen: true };
    await Promise.all([model.save(rows(0, 300, 1), run), model.save(rows(200, 400, 1), run), model.save(rows(4090, 4100, 1), run)]);
    const { rows: chunks } = await test.pool.query<{ count: number }>('select sum(bit_count(bits))::int as count from record_seen where owner_id = $1', [
      run.executionId,
    ]);
    expect(chunks).toEqual([{ count: 410 }]);
  });

  it('work with room for no rows in memory, too', async () => {
    const model = await aModel(test);
    const small = new TestModel(new RecordStore(test.pool, test.sealer, { rememberedRows: 50 }), model.scope);
    const run = await anExecution(test, model);
    await Promise.all([small.save(rows(0, 60, 1), run), small.save(rows(0, 60, 2), run), small.save(rows(30, 90, 2), run)]);
    expect(await small.save(rows(0, 90, 2), run)).toMatchObject({ unchanged: 90 });
  });
});
