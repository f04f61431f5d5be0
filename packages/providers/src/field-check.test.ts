import { describe, expect, it } from 'vitest';
import { checkFields } from './field-check.js';
import { ProviderField } from './provider.js';

const field = (more: object): ProviderField => ProviderField.parse({ title: 'Store', ...more });
const messages = (more: object, value?: unknown): string[] => checkFields({ store: field(more) }, { store: value }).map(({ message }) => message);

describe('the values of catalogue fields', () => {
  it('must be there unless they are optional, automated or have a default', () => {
    expect(messages({})).toEqual(['Store (store) is missing']);
    expect(messages({}, '')).toEqual(['Store (store) is missing']);
    expect([messages({ optional: true }), messages({ automated: true }), messages({ default_value: 'eu' })]).toEqual([[], [], []]);
  });

  it('must have the form that the entry names, which the message repeats with its example', () => {
    expect(messages({ pattern: '^[a-z]+$', example: 'acme' }, 'ACME')).toEqual(['Store (store) must be of the form ^[a-z]+$, for example acme']);
    expect(messages({ pattern: '^[a-z]+$' }, 'acme')).toEqual([]);
    expect(messages({ enum: ['eu', 'us'] }, 'cn')).toEqual(['Store (store) must be one of eu, us']);
    expect(messages({}, { a: 1 })).toEqual(['Store (store) must be text']);
  });

  it.each([
    ['hostname', 'api.example.com', 'https://api.example.com'],
    ['uri', 'https://api.example.com/v1', 'api.example.com'],
    ['uuid', '123e4567-e89b-12d3-a456-426614174000', '123e4567'],
    ['email', 'ada@example.com', 'ada'],
  ])('must be a %s where the entry says so', (format, good, bad) => {
    expect([messages({ format }, good).length, messages({ format }, bad).length]).toEqual([0, 1]);
  });

  it('are asked for only beside the choice that they belong to', () => {
    const fields = { kind: field({ enum: ['key', 'none'] }), key: field({ visible_when: { field: 'kind', equals: 'key' } }) };
    expect(checkFields(fields, { kind: 'none' })).toEqual([]);
    expect(checkFields(fields, { kind: 'key' }, ['integration_config'])).toMatchObject([{ path: ['integration_config', 'key'] }]);
  });

  it('are checked in linear time', () => {
    const started = performance.now();
    for (const format of ['hostname', 'uri', 'email'] as const) messages({ format }, `${'a.'.repeat(8_000)}!`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
