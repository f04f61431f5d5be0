import fc from 'fast-check';
import type { SaveOperation, ScriptRecord } from 'model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aModel, openStore, type TestStore } from '../test/store.js';
import { MemoryCache } from '../test/memory-cache.js';

let test: TestStore;

beforeAll(async () => {
  test = await openStore();
});
afterAll(() => test.close());

const field = fc.oneof(
  fc.integer({ min: 0, max: 2 }),
  fc.constantFrom('x', 'y', null),
  fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 2 }),
  fc.dictionary(fc.constantFrom('p', 'q', '__proto__'), fc.integer({ min: 0, max: 1 }), { maxKeys: 2 }),
);
const record = fc
  .record({
    id: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom('1', '2', 'a', 'b')),
    fields: fc.dictionary(fc.constantFrom('s', 't', 'u'), field, { maxKeys: 3 }),
  })
  .map(({ id, fields }): ScriptRecord => ({ id, ...fields }));
const step = fc.record({ operation: fc.constantFrom<SaveOperation>('save', 'save', 'update', 'delete'), records: fc.array(record, { maxLength: 8 }) });

it('does with any sequence of saves what a plain map would', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 4 }), async (steps, limit) => {
      const model = await aModel(test);
      const memory = new MemoryCache();
      for (const { operation, records } of steps) expect(await model.run(operation, records)).toEqual(memory.run(operation, records));
      const listed: unknown[] = [];
      let cursor: string | null = null;
      do {
        const page = await model.list({ limit, ...(cursor === null ? {} : { cursor }) });
        listed.push(...page.records.map(({ _nango_metadata, ...rest }) => ({ action: _nango_metadata.last_action, record: rest })));
        cursor = page.next_cursor;
      } while (cursor !== null);
      expect(listed).toEqual(memory.list());
      expect((await test.store.counts(model.scope.environmentId, model.scope.connectionId))['Task'] ?? 0).toBe(memory.living());
    }),
    { numRuns: 60 },
  );
});
