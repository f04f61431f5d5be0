import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aModel, anExecution, openStore, type TestModel, type TestStore } from '../test/store.js';
import { withoutVolatile } from './volatile.js';

let test: TestStore;

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

async function aVolatileModel(fields: string[]): Promise<TestModel> {
  const model = await aModel(test);
  await test.pool.query(
    `update environment set volatile_fields = jsonb_build_object(
       (select unique_key from integration where environment_id = $1), jsonb_build_object('Task', $2::jsonb)) where id = $1`,
    [model.scope.environmentId, JSON.stringify(fields)],
  );
  return model;
}

describe('volatile fields', () => {
  it('make no change on their own, and are stored with the next one', async () => {
    const model = await aVolatileModel(['viewed_at', 'stats.hits']);
    await model.save([{ id: 'a', n: 1, viewed_at: 1, stats: { hits: 1, kind: 'x' } }]);
    expect(await model.save([{ id: 'a', n: 1, viewed_at: 2, stats: { hits: 2, kind: 'x' } }])).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await model.update([{ id: 'a', viewed_at: 3 }])).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await model.one('a')).toMatchObject({ viewed_at: 1 });
    expect(await model.save([{ id: 'a', n: 1, viewed_at: 4, stats: { hits: 4, kind: 'y' } }])).toMatchObject({ updated: 1 });
    expect(await model.one('a')).toMatchObject({ viewed_at: 4, stats: { hits: 4 } });
  });

  it('are known to a run that compares in memory, and to variants', async () => {
    const model = await aVolatileModel(['seen']);
    const run = { ...(await anExecution(test, model)), model: 'Task::eu' };
    await model.save([{ id: 'a', seen: 1 }], run);
    expect(await model.save([{ id: 'a', seen: 2 }], run)).toMatchObject({ unchanged: 1 });
    expect(await model.save([{ id: 'a' }], run)).toMatchObject({ unchanged: 1 });
    expect(await model.save([{ id: 'a', seen: 2 }], { model: 'Other' })).toMatchObject({ added: 1 });
    expect(await model.save([{ id: 'a', seen: 3 }], { model: 'Other' })).toMatchObject({ updated: 1 });
  });

  it.each([
    [['a'], '{"id":"1","b":{"c":1,"d":[{"e":1}]}}'],
    [['b.c', 'b.x', 'x.y'], '{"id":"1","a":1,"b":{"d":[{"e":1}]}}'],
    [['b.d.e', 'a.z', '__proto__', ''], '{"id":"1","a":1,"b":{"c":1,"d":[{"e":1}]}}'],
  ])('%j are taken out by path', (paths, text) => {
    expect(withoutVolatile('{"id":"1","a":1,"b":{"c":1,"d":[{"e":1}]}}', paths)).toBe(text);
  });
});
