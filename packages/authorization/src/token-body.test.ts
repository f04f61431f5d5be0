import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTokenBody } from './token-body.js';

const tokens = { access_token: 'a', refresh_token: 'r' };

// Random text is slow to make while a machine is busy.
describe('the body of a token answer', { timeout: 30_000 }, () => {
  it.each([
    ['JSON', '{"access_token":"a","refresh_token":"r"}'],
    ['JSON with a byte-order mark', '\ufeff{"access_token":"a","refresh_token":"r"}'],
    ['JSON after blank lines', '\r\n\t {"access_token":"a","refresh_token":"r"}\n'],
    ['JSON in a JSON string', JSON.stringify(JSON.stringify(tokens))],
    ['a form', 'access_token=a&refresh_token=r'],
    ['a form with a byte-order mark', '\ufeffaccess_token=a&refresh_token=r'],
    ['a query string', '?access_token=a&refresh_token=r'],
    ['a form in a JSON string', '"access_token=a&refresh_token=r"'],
  ])('is read as %s', (_, text) => {
    expect(parseTokenBody(text)).toEqual(tokens);
  });

  it('has its percent-encoded values decoded in a form', () => {
    expect(parseTokenBody('access_token=a%2Bb%26c&scope=x+y')).toEqual({ access_token: 'a+b&c', scope: 'x y' });
  });

  it.each(['<html><a href="?access_token=a">', 'Service unavailable', 'the key = wrong', '', '{"access_token":', '"text"'])(
    'gives no fields for %j',
    (text) => {
      expect(typeof parseTokenBody(text)).toBe('string');
    },
  );

  it('is no fields beyond a megabyte, and beyond a depth that nobody needs', () => {
    expect(parseTokenBody(`{"access_token":"${'a'.repeat(1_000_000)}"}`)).toBe('');
    expect(typeof parseTokenBody('['.repeat(100_000) + ']'.repeat(100_000))).toBe('string');
  });

  it('is something that JSON can hold, whatever comes', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.json(),
      fc.json().map((json) => JSON.stringify(json)),
      fc.webQueryParameters(),
    );
    fc.assert(
      fc.property(text, (body) => {
        expect(typeof JSON.stringify(parseTokenBody(body))).toBe('string');
      }),
    );
  });

  it('gives back every object that was written as JSON or as a form', () => {
    const fields = fc.dictionary(fc.stringMatching(/^[a-z_]{1,20}$/), fc.string({ unit: 'grapheme-ascii' }), { minKeys: 1 });
    fc.assert(
      fc.property(fields, (body) => {
        expect(parseTokenBody(JSON.stringify(body))).toEqual({ ...body });
        expect(parseTokenBody(new URLSearchParams(body).toString())).toEqual({ ...body });
      }),
    );
  });

  it('takes no time on text made to be slow', () => {
    const texts = ['a'.repeat(999_999), `${'a=&'.repeat(330_000)}`, ' '.repeat(999_999), `"${'\\"'.repeat(400_000)}"`, `[${'1,'.repeat(400_000)}1]`];
    const from = performance.now();
    texts.forEach(parseTokenBody);
    expect(performance.now() - from).toBeLessThan(3_000);
  });
});
