import type { Credentials } from 'model';
import { describe, expect, it } from 'vitest';
import { credentialTimes, type Expiring, isNearEnd, renewAt } from './near-end.js';

const now = Date.parse('2026-01-01T00:00:00Z');
const minutes = (count: number): Date => new Date(now + count * 60_000);
const token = (left: number | undefined, more: object = {}): Credentials => ({
  type: 'OAUTH2',
  access_token: 'a',
  refresh_token: 'r',
  raw: {},
  ...(left === undefined ? {} : { expires_at: minutes(left) }),
  ...more,
});
const near = (credentials: Credentials, more: Partial<Expiring> = {}): boolean => isNearEnd({ credentials, provider: {}, issuedAt: null, ...more }, now);

describe('a token near its end', () => {
  it.each<[string, Credentials, Partial<Expiring>, boolean]>([
    ['sixteen minutes before its end is good', token(16), {}, false],
    ['fifteen minutes before its end is renewed', token(15), {}, true],
    ['after its end is renewed', token(-1), {}, true],
    ['without an end is good where nobody knows when it was issued', token(undefined), {}, false],
    ['without an end is renewed daily where it is known', token(undefined), { issuedAt: minutes(-24 * 60) }, true],
    ['without an end is good within that day', token(undefined), { issuedAt: minutes(-23 * 60) }, false],
    ['without an end is renewed as the entry says', token(undefined), { issuedAt: minutes(-60), provider: { token_expires_in_ms: 3_600_000 } }, true],
    ['that cannot be renewed is used as it is', token(-1, { refresh_token: undefined }), {}, false],
    ['of ten minutes is good in its first half', token(6), { issuedAt: minutes(-4) }, false],
    ['of ten minutes is renewed in its second half', token(5), { issuedAt: minutes(-5) }, true],
    ['of ten minutes, as its answer says, is good in its first half', token(6, { raw: { expires_in: 600 } }), {}, false],
    ['of ten minutes, as its answer says, is renewed in its second half', token(5, { raw: { expires_in: '600' } }), {}, true],
    ['counted in milliseconds is no different', token(6, { raw: { expires_in: 600_000 } }), { provider: { expires_in_unit: 'milliseconds' } }, false],
    ['is renewed as early as the entry says', token(30), { provider: { token_expiration_buffer: 3600 } }, true],
    ['is renewed as late as the entry says', token(2), { provider: { token_expiration_buffer: 60 } }, false],
  ])('%s', (_, credentials, more, expected) => {
    expect(near(credentials, more)).toBe(expected);
  });

  it('is renewed in every mode that mints tokens, and made where there is none yet', () => {
    expect(near({ type: 'OAUTH2_CC', token: 't', client_id: 'c', client_secret: 's', raw: {}, expires_at: minutes(1) })).toBe(true);
    expect(near({ type: 'APP', access_token: 'a', raw: {}, expires_at: minutes(1) })).toBe(false);
    expect(near({ type: 'APP', access_token: 'a', raw: {}, expires_at: minutes(1) }, { connectionConfig: { installation_id: '7' } })).toBe(true);
    expect(near({ type: 'SIGNATURE', username: 'u', password: 'p' })).toBe(true);
  });

  it('is never a key', () => {
    expect(near({ type: 'API_KEY', apiKey: 'k' }, { issuedAt: minutes(-100_000) })).toBe(false);
  });
});

describe('the times of a credential', () => {
  it('have it renewed between 75% and 80% of its life, not all at once', () => {
    const dates = Array.from({ length: 100 }, () => renewAt(minutes(0), minutes(100)).getTime());
    expect(Math.min(...dates)).toBeGreaterThanOrEqual(minutes(75).getTime());
    expect(Math.max(...dates)).toBeLessThanOrEqual(minutes(80).getTime());
    expect(new Set(dates).size).toBeGreaterThan(50);
  });

  it('have one that has ended renewed at once, and one without an end daily', () => {
    expect(credentialTimes(token(-5), minutes(0)).renewAt).toEqual(minutes(0));
    const { expiresAt, renewAt: daily } = credentialTimes(token(undefined), minutes(0));
    expect(expiresAt).toBeNull();
    expect(daily?.getTime()).toBeGreaterThan(minutes(17 * 60).getTime());
  });

  it('have nothing renewed that cannot be', () => {
    const single = token(60, { refresh_token: undefined });
    expect(credentialTimes(single, minutes(0))).toEqual({ expiresAt: minutes(60), issuedAt: minutes(0), renewAt: null });
    expect(credentialTimes({ type: 'API_KEY', apiKey: 'k' }, minutes(0)).renewAt).toBeNull();
  });

  it('have a token that is signed here made on use alone', () => {
    const signed: Credentials = { type: 'SIGNATURE', username: 'u', password: 'p', token: 't', expires_at: minutes(5) };
    expect(credentialTimes(signed, minutes(0)).renewAt).toBeNull();
    expect(near({ ...signed, expires_at: minutes(1) }, { issuedAt: minutes(-4) })).toBe(true);
  });
});
