import { describe, expect, it } from 'vitest';
import { createModelCheck } from './model-check.js';

const task = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    state: { type: 'string', enum: ['open', 'done'] },
    at: { type: 'string', format: 'date-time' },
    owner: { $ref: '#/definitions/User' },
  },
  required: ['id'],
  additionalProperties: false,
};
const user = { type: 'object', properties: { names: { type: 'array', items: { type: 'string' } } }, required: ['names'], additionalProperties: false };
const check = createModelCheck({ definitions: { Task: task, User: user, Odd_1: { type: 'number' } } });

describe('a value and its model', () => {
  it('fit', () => {
    const value = { id: '1', state: 'open', at: '2026-01-02T03:04:05Z', owner: { names: ['a'] } };
    expect([check.problems('Task', value), check.firstProblem('Task', value)]).toEqual([[], null]);
  });

  it.each([
    [{}, { path: '/', message: "must have required property 'id'" }],
    [{ id: 1 }, { path: '/id', message: 'must be string' }],
    [
      { id: '1', owner: { names: ['a', 2] } },
      { path: '/owner/names/1', message: 'must be string' },
    ],
    [
      { id: '1', state: 'shut' },
      { path: '/state', message: 'must be equal to one of the allowed values ["open","done"]' },
    ],
    [
      { id: '1', at: 'yesterday' },
      { path: '/at', message: 'must match format "date-time"' },
    ],
    [
      { id: '1', colour: 'red' },
      { path: '/', message: 'must NOT have additional properties "colour"' },
    ],
    ['text', { path: '/', message: 'must be object' }],
  ])('do not: %j', (value, problem) => {
    expect(check.firstProblem('Task', value)).toEqual(problem);
    expect(check.problems('Task', value)).toContainEqual(problem);
  });

  it('have all their problems told', () => {
    expect(check.problems('Task', { id: 1, state: 2 }).map(({ path }) => path)).toEqual(['/id', '/state', '/state']);
  });

  it('fit where there is no such model', () => {
    expect([check.has('Other'), check.problems('Other', 1), check.firstProblem('toString', 1), createModelCheck({}).firstProblem('Task', 1)]).toEqual([
      false,
      [],
      null,
      null,
    ]);
  });
});
