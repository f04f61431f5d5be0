import type { SaveAnswer, SaveOperation } from 'model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aModel, openStore, type TestModel, type TestStore } from '../test/store.js';

let test: TestStore;

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

const writers = 8;
const batches = 20;

it('lets a reader who follows the cursor see the last version of everything eight writers write', async () => {
  const model = await aModel(test);
  // The deletion of an id that was never there counts as one, too: whoever is ahead of the others would delete such.
  const { added } = await model.save(Array.from({ length: 60 }, (_, n) => ({ id: `r${n}`, version: 'first' })));
  let writing = true;
  const reader = follow(model, () => writing);
  const answers = await Promise.all(Array.from({ length: writers }, (_, writer) => write(model, writer)));
  writing = false;
  const { versions, sequences } = await reader;

  const { records } = await model.list({ limit: 10_000 });
  expect(versions).toEqual(new Map(records.map((record) => [record.id, [record._nango_metadata.last_action, record['version']]])));
  expect(new Set(sequences).size).toBe(sequences.length);

  const sums = answers.flat().reduce((sum, answer) => ({ living: sum.living + answer.added - answer.deleted }), { living: added });
  const living = records.filter((record) => record._nango_metadata.last_action !== 'DELETED').length;
  expect(living).toBe(sums.living);
  expect((await test.store.counts(model.scope.environmentId, model.scope.connectionId))['Task']).toBe(living);
});

it('merges all of many updates of one record made at once', async () => {
  const model = await aModel(test);
  await model.save([{ id: 'a' }]);
  await Promise.all(Array.from({ length: 24 }, (_, n) => model.update([{ id: 'a', [`field${n}`]: n }])));
  expect(Object.keys((await model.one('a'))!)).toHaveLength(24 + 2);
  const blocks = await test.pool.query('select b.living from record_block b join record_model m on m.id = b.model_id where m.connection_id = $1', [
    model.scope.connectionId,
  ]);
  expect(blocks.rows).toEqual([{ living: 1 }]);
});

it('makes one model when its first saves come at once', async () => {
  const model = await aModel(test);
  await Promise.all(Array.from({ length: 8 }, (_, n) => model.save([{ id: `r${n}` }, { id: 'same' }])));
  expect((await model.list()).records).toHaveLength(9);
});

// Writers share ids, so that they overtake each other; a deletion leaves the id alone for others to revive.
async function write(model: TestModel, writer: number): Promise<SaveAnswer[]> {
  const answers: SaveAnswer[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const operation: SaveOperation = batch % 5 === 4 ? 'delete' : batch % 5 === 2 ? 'update' : 'save';
    const records = Array.from({ length: 10 }, (_, n) => ({ id: `r${(writer * 7 + batch * 3 + n) % 60}`, version: `${writer}/${batch}` }));
    answers.push(await model.run(operation, records));
  }
  return answers;
}

async function follow(model: TestModel, goOn: () => boolean): Promise<{ versions: Map<string, unknown[]>; sequences: string[] }> {
  const versions = new Map<string, unknown[]>();
  const sequences: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const last = !goOn();
    const { records } = await model.list({ limit: 7, ...(cursor ? { cursor } : {}) });
    for (const record of records) {
      versions.set(record.id, [record._nango_metadata.last_action, record['version']]);
      sequences.push((cursor = record._nango_metadata.cursor));
    }
    if (last && records.length === 0) return { versions, sequences };
  }
}
