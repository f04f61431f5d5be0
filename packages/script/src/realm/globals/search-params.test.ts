import { describe, expect, it } from 'vitest';
import { SearchParams } from './search-params.js';

type Params = URLSearchParams | SearchParams;

/** What a change answers and leaves behind. */
function outcome(params: Params, change: (params: Params) => unknown): unknown {
  return { answer: change(params), entries: [...params], text: String(params) };
}

// The platform's own class is the measure.
const ours = (init: string, change: (params: Params) => unknown = () => null): unknown => outcome(new SearchParams(init), change);
const theirs = (init: string, change: (params: Params) => unknown = () => null): unknown => outcome(new URLSearchParams(init), change);

describe('search parameters', () => {
  it.each(['', '?a=1', 'a=1&a=2&b', 'a+b=c%20d', '&&a=&=b&c==d', "ü=%C3%BC&e=*-._~'()!"])('reads and writes %j as the platform does', (text) => {
    expect(ours(text)).toEqual(theirs(text));
  });

  const changes: [string, (params: Params) => unknown][] = [
    ['a=1&b=2&a=3', (params) => params.set('a', '9')],
    ['a=1&b=2&a=3', (params) => params.delete('a')],
    ['a=1&b=2&a=3', (params) => params.delete('a', '3')],
    ['b=2&a=3&b=1', (params) => params.sort()],
    ['a=1', (params) => params.append('a', 'x y')],
    ['a=1&a=2', (params) => [params.get('a'), params.getAll('a'), params.has('a'), params.has('a', '3'), params.get('z'), params.size]],
  ];
  it.each(changes)('%s changes as the platform changes it', (text, change) => {
    expect(ours(text, change)).toEqual(theirs(text, change));
  });
});
