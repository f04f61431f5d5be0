import type { Credentials } from 'model';
import { findProvider, type Provider } from 'providers';
import { describe, expect, it } from 'vitest';
import { isNearEnd } from './near-end.js';

const provider = findProvider('asana') as Provider; // in the catalogue
const now = Date.parse('2026-01-01T00:00:00Z');
const token = (minutes: number | undefined, more: object = {}): Credentials => ({
  type: 'OAUTH2',
  access_token: 'a',
  refresh_token: 'r',
  raw: {},
  ...(minutes === undefined ? {} : { expires_at: new Date(now + minutes * 60_000) }),
  ...more,
});

describe('a token', () => {
  it.each([
    ['sixteen minutes before its end is good', token(16), false],
    ['fifteen minutes before its end is renewed', token(15), true],
    ['after its end is renewed', token(-1), true],
    ['without an end is good', token(undefined), false],
    ['that cannot be renewed is used as it is', token(-1, { refresh_token: undefined }), false],
    ['of ten minutes is good in its first half', token(6, { raw: { expires_in: 600 } }), false],
    ['of ten minutes is renewed in its second half', token(5, { raw: { expires_in: '600' } }), true],
  ])('%s', (_, credentials, expected) => {
    expect(isNearEnd({ credentials, provider }, now)).toBe(expected);
  });

  it('is renewed as early as the catalogue says', () => {
    expect(isNearEnd({ credentials: token(30), provider: { ...provider, token_expiration_buffer: 3600 } }, now)).toBe(true);
  });
});

describe('a key', () => {
  it('never ends', () => {
    expect(isNearEnd({ credentials: { type: 'API_KEY', apiKey: 'k' }, provider })).toBe(false);
  });
});
