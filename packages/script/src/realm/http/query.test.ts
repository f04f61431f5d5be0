import { describe, expect, it } from 'vitest';
import { toQuery } from './query.js';

describe('a query', () => {
  it.each([
    [undefined, ''],
    [{}, ''],
    ['?a=1&b=2', 'a=1&b=2'],
    [new URLSearchParams({ a: 'x y' }), 'a=x+y'],
    [{ a: 1, b: true, c: null, d: undefined, e: '' }, 'a=1&b=true&e='],
    [{ list: ['x', 2], rows: [{ id: 1 }] }, 'list[]=x&list[]=2&rows[0][id]=1'],
    [{ filter: { name: 'ü&', 'a b': 1 } }, 'filter[name]=%C3%BC%26&filter[a+b]=1'],
    [{ at: new Date(0), q: 'a:b,$c [d]' }, 'at=1970-01-01T00:00:00.000Z&q=a:b,$c+[d]'],
  ])('of %j is %s', (params, query) => {
    expect(toQuery(params)).toBe(query);
  });

  it("is what the call's own serialiser makes of it", () => {
    expect(toQuery({ a: [1, 2] }, () => 'a=1,2')).toBe('a=1,2');
    expect(toQuery({ a: [1, 2] }, { serialize: (params) => JSON.stringify(params) })).toBe('{"a":[1,2]}');
  });

  it('writes lists and texts as the call wants them', () => {
    const params = { a: [1, 2], rows: [{ id: 'x y' }] };
    expect(toQuery(params, { indexes: null })).toBe('a=1&a=2&rows[0][id]=x+y');
    expect(toQuery(params, { indexes: true })).toBe('a[0]=1&a[1]=2&rows[0][id]=x+y');
    expect(toQuery(params, { indexes: false })).toBe('a[]=1&a[]=2&rows[0][id]=x+y');
    expect(toQuery({ a: 'x y' }, { encode: (text) => encodeURIComponent(text) })).toBe('a=x%20y');
    expect(toQuery({ a: 'x y' }, null)).toBe('a=x+y');
  });
});
