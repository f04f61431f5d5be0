import { expect, it } from 'vitest';
import { deepMerge } from './merge.js';

it('merges objects, replaces everything else and leaves both alone', () => {
  const old = { a: 1, list: [1, 2], deep: { x: { y: 1 } }, gone: { k: 1 } };
  const change = { a: { b: 1 }, list: [3], deep: { x: { z: 2 } }, gone: null };
  expect(deepMerge(old, change)).toEqual({ a: { b: 1 }, list: [3], deep: { x: { y: 1, z: 2 } }, gone: null });
  expect(old.deep).toEqual({ x: { y: 1 } });
});

it('takes __proto__ as a field like any other', () => {
  const merged = deepMerge({}, JSON.parse('{"__proto__":{"polluted":true}}'));
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect(JSON.stringify(merged)).toBe('{"__proto__":{"polluted":true}}');
});
