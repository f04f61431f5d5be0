import { describe, expect, it } from 'vitest';
import { bindingCookie, isOpenToEavesdroppers, originsOf, underOwnName } from './browser-binding.js';

describe('the cookie that binds a flow to its browser', () => {
  it('has the __Host- prefix and is secure under https', () => {
    const { name, options } = bindingCookie('https://connect.example.com', '0123456789abcdef');
    expect(name).toBe('__Host-oauth-01234567');
    expect(options).toMatchObject({ secure: true, httpOnly: true, sameSite: 'lax', path: '/', maxAge: 600 });
  });

  it('has neither under plain http, which would not keep it', () => {
    expect(bindingCookie('http://localhost:3003', '0123456789abcdef')).toMatchObject({ name: 'oauth-01234567', options: { secure: false } });
  });
});

describe('a server', () => {
  it.each([
    ['http://connect.example.com', true],
    ['http://10.0.0.7:3003', true],
    ['http://localhost:3003', false],
    ['http://127.0.0.1:3003', false],
    ['https://connect.example.com', false],
  ])('at %s is open to eavesdroppers: %s', (url, expected) => {
    expect(isOpenToEavesdroppers(url)).toBe(expected);
  });

  it('is called by both names of this machine, and elsewhere by its own alone', () => {
    expect(originsOf('http://localhost:3003/')).toEqual(['http://localhost:3003', 'http://127.0.0.1:3003']);
    expect(originsOf('http://127.0.0.1:3003')).toEqual(['http://127.0.0.1:3003', 'http://localhost:3003']);
    expect(originsOf('https://connect.example.com/base')).toEqual(['https://connect.example.com']);
  });

  it('sends a browser that came by another name of this machine to its own', () => {
    expect(underOwnName('http://localhost:3003', '127.0.0.1:3003', '/oauth/connect/a?b=c')).toBe('http://localhost:3003/oauth/connect/a?b=c');
    expect(underOwnName('http://localhost:3003', 'localhost:3003', '/')).toBeUndefined();
  });

  it('sends nobody to where the header Host leads', () => {
    expect(underOwnName('https://connect.example.com', 'evil.example', '/')).toBeUndefined();
    expect(underOwnName('http://localhost:3003', 'evil.example:3003', '/')).toBeUndefined();
    expect(underOwnName('http://localhost:3003', 'localhost:9999', '/')).toBeUndefined();
  });
});
