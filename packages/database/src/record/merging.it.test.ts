import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aModel, anExecution, openStore, type TestModel, type TestStore } from '../test/store.js';
import type { MergingStrategy } from './merging.js';

let test: TestStore;

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

const setStrategy = (model: TestModel, executionId: string, strategy: MergingStrategy): Promise<void> =>
  test.store.setMergingStrategy(test.pool, { ...model.scope, executionId, strategy });

describe('ignore_if_modified_after', () => {
  it('leaves alone what another writer has changed since, whatever the operation', async () => {
    const model = await aModel(test);
    await model.save(['a', 'b', 'c', 'd'].map((id) => ({ id, by: 'nobody' })));
    const run = await anExecution(test, model);
    await setStrategy(model, run.executionId, 'ignore_if_modified_after');
    await model.save(['a', 'b', 'c'].map((id) => ({ id, by: 'webhook' })));
    expect(
      await model.save(
        [
          { id: 'a', by: 'sync' },
          { id: 'd', by: 'sync' },
        ],
        run,
      ),
    ).toMatchObject({ updated: 1, unchanged: 1 });
    expect(await model.update([{ id: 'b', by: 'sync' }], run)).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await model.delete([{ id: 'c' }], run)).toMatchObject({ deleted: 0, unchanged: 1 });
    const { records } = await model.list();
    expect(records.map(({ id, by }) => `${id} ${by as string}`).toSorted()).toEqual(['a webhook', 'b webhook', 'c webhook', 'd sync']);
  });

  it('lets the execution change again what it has changed itself, also after others have written', async () => {
    const model = await aModel(test);
    const run = await anExecution(test, model);
    await setStrategy(model, run.executionId, 'ignore_if_modified_after');
    await model.save(
      [
        { id: 'a', n: 1 },
        { id: 'b', n: 1 },
      ],
      run,
    );
    await model.save([{ id: 'b', n: 2 }]);
    await model.save([{ id: 'c', n: 1 }], run);
    expect(
      await model.save(
        ['a', 'b', 'c'].map((id) => ({ id, n: 3 })),
        run,
      ),
    ).toMatchObject({ updated: 2, unchanged: 1 });
    expect(await model.one('b')).toMatchObject({ n: 2 });
  });

  it('does not bring back what another writer has deleted since', async () => {
    const model = await aModel(test);
    await model.save([{ id: 'a' }]);
    const run = await anExecution(test, model);
    await setStrategy(model, run.executionId, 'ignore_if_modified_after');
    await model.delete([{ id: 'a' }]);
    expect(await model.save([{ id: 'a' }], run)).toMatchObject({ added: 0, unchanged: 1 });
  });

  it("is one execution's choice, and ends with override", async () => {
    const model = await aModel(test);
    await model.save([{ id: 'a', n: 1 }]);
    const [run, other] = [await anExecution(test, model), await anExecution(test, model)];
    await setStrategy(model, run.executionId, 'ignore_if_modified_after');
    await model.save([{ id: 'a', n: 2 }]);
    expect(await model.save([{ id: 'a', n: 3 }], other)).toMatchObject({ updated: 1 });
    expect(await model.save([{ id: 'a', n: 4 }], run)).toMatchObject({ unchanged: 1 });
    await setStrategy(model, run.executionId, 'override');
    expect(await model.save([{ id: 'a', n: 4 }], run)).toMatchObject({ updated: 1 });
  });
});

describe('records by id', () => {
  it('come as they were saved, without those that are deleted or unknown', async () => {
    const model = await aModel(test);
    await model.save(Array.from({ length: 300 }, (_, n) => ({ id: `r${n}`, n })));
    await model.delete([{ id: 'r7' }]);
    const found = await test.store.getByIds(model.scope, ['r1', 'r299', 'r7', 'r1', 'nobody']);
    expect(found).toEqual(
      new Map([
        ['r1', { id: 'r1', n: 1 }],
        ['r299', { id: 'r299', n: 299 }],
      ]),
    );
    expect(await test.store.getByIds({ ...model.scope, environmentId: 0 }, ['r1'])).toEqual(new Map());
    expect(await test.store.getByIds({ ...model.scope, model: 'Other' }, ['r1'])).toEqual(new Map());
  });
});
