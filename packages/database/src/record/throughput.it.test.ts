import { afterAll, beforeAll, expect, it } from 'vitest';
import { aModel, anExecution, openStore, type TestStore } from '../test/store.js';

let test: TestStore;

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

it('saves more than four thousand records a second, encrypted, also into a second connection of a partition without statistics', async () => {
  let perSecond = 0;
  for (const _ of ['warm', 'measured']) {
    const model = await aModel(test);
    const run = { ...(await anExecution(test, model)), trackSeen: true };
    const started = performance.now();
    for (let batch = 0; batch < 10; batch++) await model.save(records(batch), { ...run, call: `batchSave:${batch}` });
    perSecond = 10_000 / ((performance.now() - started) / 1000);
  }
  expect(perSecond).toBeGreaterThan(4000);
});

function records(batch: number): { id: string; text: string }[] {
  return Array.from({ length: 1000 }, (_, n) => ({ id: `record-${batch * 1000 + n}`, text: `${n} `.repeat(60) }));
}
