import { describe, expect, it } from 'vitest';
import { structuredClone } from './structured-clone.js';

describe('a structured clone', () => {
  it('keeps what JSON would lose', () => {
    const at = new Date(0);
    const value = {
      at,
      ids: new Set([1]),
      names: new Map([['a', { b: 1n }]]),
      none: undefined,
      list: [1, undefined],
      text: /x/gi,
      bytes: new Uint8Array([1, 2]),
    };
    const clone = structuredClone(value) as typeof value;
    expect(clone).toStrictEqual(value);
    expect(clone.at).not.toBe(at);
    expect(clone.names.get('a')).not.toBe(value.names.get('a'));
  });

  it('follows circles and keeps what is one thing', () => {
    const inner = { a: 1 };
    const value: Record<string, unknown> = { first: inner, second: inner };
    value['self'] = value;
    const clone = structuredClone(value) as typeof value;
    expect(clone['self']).toBe(clone);
    expect(clone['first']).toBe(clone['second']);
    expect(clone['first']).not.toBe(inner);
  });

  it('keeps name, message and cause of errors', () => {
    const clone = structuredClone(new TypeError('no', { cause: { code: 7 } })) as Error;
    expect([clone.name, clone.message, clone.cause]).toEqual(['TypeError', 'no', { code: 7 }]);
  });

  it('takes over a key named __proto__ as any other', () => {
    const clone = structuredClone(JSON.parse('{"__proto__":{"polluted":1}}')) as object;
    expect(Object.keys(clone)).toEqual(['__proto__']);
    expect('polluted' in clone).toBe(false);
  });

  it.each([[() => 1], [Symbol('a')], [{ deep: [() => 1] }], [Promise.resolve()]])('refuses %s', (value) => {
    expect(() => structuredClone(value)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
  });
});
