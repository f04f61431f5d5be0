import { describe, expect, it } from 'vitest';
import { SearchParams } from './search-params.js';

/** The platform's own class is the measure. */
const same = (init: string, change: (params: URLSearchParams | SearchParams) => unknown = () => undefined): void => {
  const [ours, theirs] = [new SearchParams(init), new URLSearchParams(init)];
  expect(change(ours)).toEqual(change(theirs));
  expect([...ours]).toEqual([...theirs]);
  expect(String(ours)).toBe(String(theirs));
};

describe('search parameters', () => {
  it.each(['', '?a=1', 'a=1&a=2&b', 'a+b=c%20d', '&&a=&=b&c==d', "ü=%C3%BC&e=*-._~'()!"])('reads and writes %j as the platform does', (text) => same(text));

  it('changes as the platform does', () => {
    same('a=1&b=2&a=3', (params) => params.set('a', '9'));
    same('a=1&b=2&a=3', (params) => params.delete('a'));
    same('a=1&b=2&a=3', (params) => params.delete('a', '3'));
    same('b=2&a=3&b=1', (params) => params.sort());
    same('a=1', (params) => params.append('a', 'x y'));
    same('a=1&a=2', (params) => [params.get('a'), params.getAll('a'), params.has('a'), params.has('a', '3'), params.get('z'), params.size]);
  });
});
