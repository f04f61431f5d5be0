import { describe, expect, it } from 'vitest';
import { limitReadings } from './limit-headers.js';
import { momentOf } from './limit-values.js';

const now = Date.parse('2026-11-26T12:00:00Z');
const read = (headers: Record<string, string>, own?: Parameters<typeof limitReadings>[1]) => limitReadings(headers, own, now);

describe('what headers say of a limit', () => {
  it.each([
    ['X-RateLimit-*, reset as a moment', { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': String(now / 1_000 + 60) }],
    ['RateLimit-*, reset in seconds', { 'ratelimit-limit': '5000', 'ratelimit-remaining': '4999', 'ratelimit-reset': '60' }],
    ['X-Rate-Limit-*', { 'x-rate-limit-limit': '5000', 'x-rate-limit-remaining': '4999', 'x-rate-limit-reset': '60' }],
    ['a reset as a date', { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': '2026-11-26T12:01:00Z' }],
    ['the drafts between', { ratelimit: 'limit=5000, remaining=4999, reset=60' }],
  ])('is read from %s', (_, headers: Record<string, string>) => {
    expect(read(headers)).toEqual([{ name: 'default', remaining: 4999, capacity: 5000, resetsAt: now + 60_000, windowMs: null }]);
  });

  it('is read from the early draft with its policy', () => {
    const headers = { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '50', 'ratelimit-reset': '30' };
    expect(read(headers)).toEqual([{ name: 'default', remaining: 50, capacity: 100, resetsAt: now + 30_000, windowMs: 60_000 }]);
  });

  it('is read from structured fields, each policy by itself', () => {
    const headers = { 'ratelimit-policy': '"burst";q=100;w=60,"daily";q=1000;w=86400', ratelimit: '"burst";r=50;t=30, "daily";r=900' };
    expect(read(headers)).toEqual([
      { name: 'burst', remaining: 50, capacity: 100, resetsAt: now + 30_000, windowMs: 60_000 },
      { name: 'daily', remaining: 900, capacity: 1000, resetsAt: null, windowMs: 86_400_000 },
    ]);
  });

  it('is read of requests where tokens are counted beside them', () => {
    const headers = { 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '59', 'x-ratelimit-reset-requests': '1m0.5s' };
    expect(read(headers)).toEqual([{ name: 'requests', remaining: 59, capacity: 60, resetsAt: now + 60_500, windowMs: null }]);
  });

  it("is read from a provider's own headers, also as a share that is used", () => {
    const headers = { 'x-shop-limit': 'api-usage=32/40', 'x-day-left': '7' };
    expect(
      read(headers, [
        { used: 'X-Shop-Limit', per_seconds: 20 },
        { name: 'day', remaining: 'X-Day-Left' },
      ]),
    ).toEqual([
      { name: 'default', remaining: 8, capacity: 40, resetsAt: null, windowMs: 20_000 },
      { name: 'day', remaining: 7, capacity: null, resetsAt: null, windowMs: 86_400_000 },
    ]);
  });

  it.each([{}, { 'content-type': 'text/plain' }, { 'x-ratelimit-remaining': 'many' }, { ratelimit: 'rubbish;;=,' }])('is nothing in %j', (headers) => {
    expect(read(headers)).toEqual([]);
  });

  it('takes small numbers for seconds and large ones for moments', () => {
    expect(momentOf('2', now)).toBe(now + 2_000);
    expect(momentOf(String(now + 5), now)).toBe(now + 5);
    expect(momentOf('Thu, 26 Nov 2026 12:00:10 GMT', now)).toBe(now + 10_000);
    expect([momentOf('', now), momentOf('soon', now), momentOf('-1', now)]).toEqual([undefined, undefined, undefined]);
  });
});
