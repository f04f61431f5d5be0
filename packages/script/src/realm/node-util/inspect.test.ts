import { describe, expect, it } from 'vitest';
import { format, inspect } from './inspect.js';

describe('what console prints', () => {
  it.each([
    [['a', 1, true, null, undefined], 'a 1 true null undefined'],
    [['%s is %d%% of %j', 'x', '5', { a: 1 }, 'rest'], 'x is 5% of {"a":1} rest'],
    [[{ a: [1, 'b'], c: new Date(0) }], '{ a: [1, "b"], c: 1970-01-01T00:00:00.000Z }'],
    [[new Map([['k', new Set([1])]])], 'Map(1) {"k" => Set(1) {1}}'],
    [[10n, Symbol('s'), () => 1], '10n Symbol(s) [Function: anonymous]'],
  ])('of %o reads well', (args, text) => {
    expect(format(...args)).toBe(text);
  });

  it('bears circles, depth and values that cannot be read', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(inspect(circle)).toBe('{ self: [Circular] }');
    expect(inspect({ a: { b: { c: { d: { e: 1 } } } } })).toBe('{ a: { b: { c: { d: [Object] } } } }');
    expect(
      inspect(
        new Proxy(
          {},
          {
            getPrototypeOf: () => {
              throw new Error('no');
            },
          },
        ),
      ),
    ).toBe('(unreadable)');
  });
});
