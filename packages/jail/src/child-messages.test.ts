import { describe, expect, it } from 'vitest';
import { ChildMessage } from './child-messages.js';

const accepts = (message: unknown): boolean => ChildMessage.safeParse(message).success;

describe('what a jail may say', () => {
  it('is a call of the broker with the arguments that its method has', () => {
    expect(accepts({ t: 'call', id: 1, method: 'save', args: { model: 'Issue', operation: 'save' } })).toBe(true);
    expect(accepts({ t: 'call', id: 1, method: 'call', args: { method: 'GET', endpoint: '/x' } })).toBe(true);
  });

  it.each([
    ['another method', { t: 'call', id: 1, method: 'finish', args: {} }],
    ["another method's arguments", { t: 'call', id: 1, method: 'save', args: { model: 1, operation: 'save' } }],
    ['an unknown operation', { t: 'call', id: 1, method: 'save', args: { model: 'Issue', operation: 'drop' } }],
    ['no id', { t: 'call', method: 'platform', args: { method: 'environmentVariables' } }],
    ['a method that the platform does not have', { t: 'call', id: 1, method: 'platform', args: { method: 'dropTables' } }],
    ['arguments that a method of the platform does not take', { t: 'call', id: 1, method: 'platform', args: { method: 'setLastSyncDate', args: {} } }],
    ['a level that is none', { t: 'log', at: '2026-01-01T00:00:00Z', level: 'loud', message: 'x' }],
    ['an outcome that is none', { t: 'done', outcome: 'great' }],
    ['a failure without an error', { t: 'done', outcome: 'failed' }],
    ['nothing', null],
    ['a number', 7],
  ])('is not %s (E39)', (_name, message) => {
    expect(accepts(message)).toBe(false);
  });
});
