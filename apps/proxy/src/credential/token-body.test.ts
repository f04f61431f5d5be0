import { describe, expect, it } from 'vitest';
import { standardTokenBody } from './token-body.js';

describe('a token answer', () => {
  it('stays as it is for a provider that keeps to the standard, one nobody knows, and no object', () => {
    expect(standardTokenBody('asana', { access_token: 'a', expires_in: 5 })).toEqual({ access_token: 'a', expires_in: 5 });
    expect(standardTokenBody('nobody', { access_token: 'a' })).toEqual({ access_token: 'a' });
    expect(standardTokenBody('asana', '<html>')).toBe('<html>');
  });
});
