import { describe, expect, it } from 'vitest';
import { compareModels, type ModelUse } from './model-change.js';
import type { JsonSchema, SchemaDocument } from './schema.js';

const text = { type: 'string' };
const model = (properties: Record<string, JsonSchema>, required = Object.keys(properties)): JsonSchema => ({ type: 'object', properties, required });
const document = (task: JsonSchema, rest: Record<string, JsonSchema> = {}): SchemaDocument => ({ definitions: { Task: task, ...rest } });
const changes = (before: JsonSchema, after: JsonSchema, use: ModelUse = 'output') =>
  compareModels('Task', document(before), document(after), use).map(({ path, kind, message }) => `${kind}: ${path} ${message}`);

describe('a change of a model', () => {
  it.each<[string, JsonSchema, JsonSchema, string[], string[]]>([
    ['none', model({ id: text }), model({ id: text }), [], []],
    ['a new field', model({ id: text }), model({ id: text, a: text }), ['additive: Task.a is new'], ['breaking: Task.a is new']],
    [
      'a new optional field',
      model({ id: text }),
      model({ id: text, a: text }, ['id']),
      ['additive: Task.a is new and optional'],
      ['additive: Task.a is new and optional'],
    ],
    ['a field less', model({ id: text, a: text }), model({ id: text }), ['breaking: Task.a is gone'], ['breaking: Task.a is gone']],
    ['now optional', model({ a: text }), model({ a: text }, []), ['widening: Task.a is optional now'], ['widening: Task.a is optional now']],
    ['now required', model({ a: text }, []), model({ a: text }), ['additive: Task.a is required now'], ['breaking: Task.a is required now']],
    [
      'another type',
      model({ a: text }),
      model({ a: { type: 'number' } }),
      ['breaking: Task.a was string, is number'],
      ['breaking: Task.a was string, is number'],
    ],
    [
      'null beside',
      model({ a: text }),
      model({ a: { type: ['string', 'null'] } }),
      ['widening: Task.a was string, is string | null'],
      ['widening: Task.a was string, is string | null'],
    ],
    [
      'null no more',
      model({ a: { type: ['string', 'null'] } }),
      model({ a: text }),
      ['additive: Task.a was string | null, is string'],
      ['breaking: Task.a was string | null, is string'],
    ],
    [
      'another literal',
      model({ a: { enum: ['x'] } }),
      model({ a: { enum: ['x', 'y'] } }),
      ['widening: Task.a was "x", is "x" | "y"'],
      ['widening: Task.a was "x", is "x" | "y"'],
    ],
    ['any text', model({ a: { const: 'x' } }), model({ a: text }), ['widening: Task.a was "x", is string'], ['widening: Task.a was "x", is string']],
    ['anything', model({ a: text }), model({ a: {} }), ['widening: Task.a was string, is any'], ['widening: Task.a was string, is any']],
    [
      'a date',
      model({ a: text }),
      model({ a: { type: 'string', format: 'date-time' } }),
      ['additive: Task.a was string, is string (date-time)'],
      ['breaking: Task.a was string, is string (date-time)'],
    ],
    ['a whole number', model({ a: { type: 'number' } }), model({ a: { type: 'integer' } }), [], []],
    [
      'items',
      model({ a: { type: 'array', items: text } }),
      model({ a: { type: 'array', items: { type: 'number' } } }),
      ['breaking: Task.a[] was string, is number'],
      ['breaking: Task.a[] was string, is number'],
    ],
  ])('%s', (_, before, after, asOutput, asInput) => {
    expect(changes(before, after)).toEqual(asOutput);
    expect(changes(before, after, 'input')).toEqual(asInput);
  });

  it('is followed into other models, once where they hold themselves', () => {
    const task = model({ owner: { $ref: '#/definitions/User' }, parent: { anyOf: [{ $ref: '#/definitions/Task' }, { type: 'null' }] } });
    const before = document(task, { User: model({ name: text, age: { type: 'number' } }) });
    const after = document(task, { User: model({ name: text }) });
    expect(compareModels('Task', before, after, 'output')).toEqual([{ path: 'Task.owner.age', kind: 'breaking', message: 'is gone' }]);
  });

  it('is none for a model that comes or goes', () => {
    expect(compareModels('Other', document(model({})), document(model({}), { Other: text }), 'output')).toEqual([]);
  });
});
