import { describe, expect, it } from 'vitest';
import { cleanValue } from './clean-value.js';

const subdomain = { name: 'subdomain', suffix: '.shop.example' };
const host = { name: 'host', format: 'hostname', prefix: 'https://' } as const;

describe('a typed value', () => {
  it.each(['k\n', '\ufeffk', '  k\t', '\u200bk\u00a0', '\r\nk'])('loses what copying added to it: %j', (typed) => {
    expect(cleanValue({ name: 'apiKey' }, typed)).toBe('k');
  });

  it('keeps a password’s own spaces, not the line break behind it', () => {
    expect(cleanValue({ name: 'password' }, ' pass word \r\n')).toBe(' pass word ');
  });

  it.each(['acme', 'acme.shop.example', 'ACME.Shop.Example'.toLowerCase(), 'https://acme.shop.example', 'http://acme.shop.example/admin?x=1#y'])(
    'is reduced to what stands before the suffix: %s',
    (typed) => {
      expect(cleanValue(subdomain, typed)).toBe('acme');
    },
  );

  it.each(['https://acme.other.example', '.shop.example', 'acme.shop.example.evil.example', 'a/b'])(
    'stays as it is where it is not clear what is meant: %s',
    (typed) => {
      expect(cleanValue(subdomain, typed)).toBe(typed);
    },
  );

  it.each(['api.example.com', 'https://api.example.com', 'HTTPS://api.example.com/', 'http://api.example.com/v1'])('is reduced to a host: %s', (typed) => {
    expect(cleanValue(host, typed)).toBe('api.example.com');
  });

  it('loses a prefix and a suffix that are no part of an address', () => {
    expect(cleanValue({ name: 'account', prefix: 'acct-', suffix: '@corp' }, 'acct-7@corp')).toBe('7');
  });

  it('keeps a whole URL where one is asked for', () => {
    expect(cleanValue({ name: 'baseUrl', format: 'uri' }, ' https://api.example.com/v1 ')).toBe('https://api.example.com/v1');
  });

  it('of a choice is one of the choices', () => {
    expect(cleanValue({ name: 'zone', enum: ['.eu'], suffix: '.eu' }, '.eu')).toBe('.eu');
  });
});
