import { describe, expect, it } from 'vitest';
import { isRetryableAnswer, isRetryableFailure, retryWaitMs } from './retry.js';

const now = Date.parse('2026-01-01T00:00:00Z');
const inSeconds = (n: number): string => String(now / 1000 + n);
const answer = (status: number, headers: Record<string, string> = {}) => ({ status, headers });
const wait = (status: number, headers: Record<string, string>, rules = {}) => retryWaitMs(0, answer(status, headers), { retries: 1, ...rules }, now);

describe('what is tried again', () => {
  it.each([429, 500, 502, 503, 504, 599])('%i is', (status) => expect(isRetryableAnswer(answer(status), { retries: 1 })).toBe(true));
  it.each([200, 204, 302, 400, 401, 403, 404, 409, 422])('%i is not', (status) => expect(isRetryableAnswer(answer(status), { retries: 1 })).toBe(false));

  it('is also what the call adds', () => {
    expect(isRetryableAnswer(answer(404), { retries: 1, retryOn: [404] })).toBe(true);
    expect(isRetryableAnswer(answer(500), { retries: 1, retryOn: [404] })).toBe(true);
  });

  it('is what the provider lists instead, and any error with nothing remaining', () => {
    const provider = { error_code: ['420', 409], remaining: 'X-Left' };
    expect(isRetryableAnswer(answer(500), { retries: 1, provider })).toBe(false);
    expect(isRetryableAnswer(answer(420), { retries: 1, provider })).toBe(true);
    expect(isRetryableAnswer(answer(409), { retries: 1, provider })).toBe(true);
    expect(isRetryableAnswer(answer(403, { 'x-left': '0' }), { retries: 1, provider })).toBe(true);
    expect(isRetryableAnswer(answer(403, { 'x-left': '1' }), { retries: 1, provider })).toBe(false);
    expect(isRetryableAnswer(answer(200, { 'x-left': '0' }), { retries: 1, provider })).toBe(false);
  });

  it('is a broken connection, never a refusal of ours', () => {
    expect(isRetryableFailure(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toBe(true);
    expect(isRetryableFailure(Object.assign(new Error('no'), { code: 'url_not_allowed' }))).toBe(false);
    expect(isRetryableFailure(Object.assign(new Error('bad'), { code: 'CERT_HAS_EXPIRED' }))).toBe(false);
    expect(isRetryableFailure('text')).toBe(false);
  });
});

describe('the wait', () => {
  it('doubles from three seconds up to ten minutes', () => {
    const waits = [0, 1, 2, 7, 8, 30].map((attempt) => retryWaitMs(attempt, undefined, { retries: 50 }));
    expect(waits).toEqual([3_000, 6_000, 12_000, 384_000, 600_000, 600_000]);
  });

  it('is what the call names first, then what the provider names', () => {
    const headers = { 'x-call': '7', 'x-provider': '9' };
    const provider = { after: 'x-provider' };
    expect(wait(500, headers, { retryHeader: { after: 'X-Call' }, provider })).toBe(7_000);
    expect(wait(500, headers, { retryHeader: { after: 'x-none' }, provider })).toBe(9_000);
    expect(wait(500, headers, { retryHeader: null, provider })).toBe(9_000);
  });

  it('takes at before after, and the longest of several', () => {
    expect(wait(429, { a: inSeconds(60), b: '5' }, { retryHeader: { at: 'a', after: 'b' } })).toBe(60_000);
    expect(wait(429, { a: '5', b: '8', c: '2' }, { retryHeader: { after: ['a', 'b', 'c'] } })).toBe(8_000);
  });

  it.each([
    ['epoch seconds', inSeconds(30)],
    ['epoch milliseconds', String(now + 30_000)],
    ['a date', new Date(now + 30_000).toISOString()],
    ['an HTTP date', new Date(now + 30_000).toUTCString()],
  ])('reads at as %s', (_, value) => {
    expect(wait(429, { at: value }, { retryHeader: { at: 'at' } })).toBe(30_000);
  });

  it.each([
    ['at', inSeconds(-1)],
    ['at', 'nonsense'],
    ['at', ''],
    ['after', 'soon'],
    ['after', '-3'],
    ['after', ''],
  ])('ignores %s: %j', (kind, value) => {
    expect(wait(500, { name: value }, { retryHeader: { [kind]: 'name' } })).toBe(3_000);
  });

  describe('that a body asks for', () => {
    const inBody = (strategy: 'at' | 'after', value: string, path = 'error.message') => ({ provider: { in_body: { strategy, path, value } } });
    const waitWith = (body: unknown, rules: object, headers = {}) => retryWaitMs(0, { ...answer(429, headers), body }, { retries: 1, ...rules }, now);

    it('is read by path and pattern, as seconds or as a moment', () => {
      const body = { error: { message: 'Rate limit reached. Try again in 12.5s.' } };
      expect(waitWith(body, inBody('after', 'again in ([0-9.]+)s'))).toBe(12_500);
      expect(waitWith({ until: `after ${inSeconds(9)}` }, inBody('at', 'after (\\d+)', 'until'))).toBe(9_000);
      expect(waitWith({ retry: [{ after: 4 }] }, inBody('after', '(.*)', 'retry.0.after'))).toBe(4_000);
    });

    it('comes after what headers say, and before a plain Retry-After', () => {
      const rules = inBody('after', '(\\d+)', 'wait');
      expect(waitWith({ wait: 8 }, { ...rules, retryHeader: { after: 'x-wait' } }, { 'x-wait': '2' })).toBe(2_000);
      expect(waitWith({ wait: 8 }, rules, { 'retry-after': '1' })).toBe(8_000);
    });

    it.each([undefined, null, 'text', {}, { wait: {} }, { wait: 'soon' }, { wait: null }])('is none in %j', (body) => {
      expect(waitWith(body, inBody('after', '(\\d+)', 'wait'))).toBe(3_000);
    });
  });

  it('honours a plain Retry-After on 429 and 503 where nothing else is said', () => {
    expect(wait(429, { 'retry-after': '2' })).toBe(2_000);
    expect(wait(503, { 'retry-after': '0' })).toBe(0);
    expect(wait(500, { 'retry-after': '2' })).toBe(3_000);
  });
});
