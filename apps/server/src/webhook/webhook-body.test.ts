import { expect, it } from 'vitest';
import { readBody } from './webhook-body.js';

const read = (content: string | Uint8Array, type: string) => readBody(Buffer.from(content), type);

it('reads JSON, forms and text as what they are, and keeps their text', () => {
  expect(read('{"a":[1]}', 'application/json; charset=utf-8')).toEqual({ value: { a: [1] }, text: '{"a":[1]}' });
  expect(read('{"a":1}', 'application/cloudevents+json').value).toEqual({ a: 1 });
  expect(read('a=1&b=x%20y', 'application/x-www-form-urlencoded').value).toEqual({ a: '1', b: 'x y' });
  expect(read('<a/>', 'text/xml')).toEqual({ value: '<a/>', text: '<a/>' });
});

it('takes an empty body for an empty object, where JSON was promised', () => {
  expect(read('', 'application/json').value).toEqual({});
  expect(read('', 'text/plain').value).toBe('');
});

it('makes base64 of what is no text', () => {
  expect(read(Uint8Array.of(0xff, 0xfe, 0), 'application/octet-stream')).toEqual({ value: '//4A', text: '//4A' });
});

it('refuses JSON that is none, and lets nobody set a prototype', () => {
  expect(() => read('{', 'application/json')).toThrow(expect.objectContaining({ code: 'invalid_json' }));
  expect(read('{"__proto__":{"a":1},"b":2}', 'application/json').value).toEqual({ b: 2 });
});
