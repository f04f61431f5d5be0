import { createModelCheck } from 'validation';
import { describe, expect, it } from 'vitest';
import { invalidRecords } from './invalid-records.js';

const properties = { id: { type: 'string' }, n: { type: 'number' } };
const check = createModelCheck({ definitions: { Task: { type: 'object', properties, required: ['id', 'n'] } } });
const aRecord = (id: number, n: unknown) => ({ id: String(id), n });

describe('the records of a batch that are not as their model says', () => {
  it('are told with their ids and what is wrong, five of them', () => {
    const records = Array.from({ length: 20 }, (_, index) => aRecord(index, index % 2 ? 'x' : 1));
    const found = invalidRecords(check, 'Task', records);
    expect(found.map(({ id }) => id)).toEqual(['1', '3', '5', '7', '9']);
    expect(found[0]).toEqual({ id: '1', path: '/n', message: 'must be number' });
  });

  it('are none of a model without a schema', () => {
    expect(invalidRecords(check, 'Other', [aRecord(1, 'x')])).toEqual([]);
  });

  it('cost little: a thousand right ones are looked through in some milliseconds', () => {
    const records = Array.from({ length: 1_000 }, (_, index) => aRecord(index, index));
    invalidRecords(check, 'Task', records);
    const startedAt = performance.now();
    expect(invalidRecords(check, 'Task', records)).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(50);
  });
});
