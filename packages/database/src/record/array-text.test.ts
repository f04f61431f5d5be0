import { describe, expect, it } from 'vitest';
import { numberArray, textArray } from './array-text.js';

describe("Postgres' text of an array", () => {
  it('holds numbers and nothings', () => {
    expect(numberArray([1, -2, null, undefined, 2 ** 40])).toBe('{1,-2,NULL,NULL,1099511627776}');
    expect(numberArray([])).toBe('{}');
  });

  it('quotes every text, so that NULL, commas, quotes and backslashes stay what they are', () => {
    expect(textArray(['a', 'NULL', '', 'a,b', 'say "x"', 'c:\\d', null])).toBe('{"a","NULL","","a,b","say \\"x\\"","c:\\\\d",NULL}');
  });
});
