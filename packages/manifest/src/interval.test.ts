import { describe, expect, it } from 'vitest';
import { parseRuns } from './interval.js';

const minute = 60_000;
const hour = 60 * minute;

describe('the interval of a sync', () => {
  it.each([
    ['every hour', hour],
    ['every half hour', 30 * minute],
    ['every quarter hour', 15 * minute],
    ['every half day', 12 * hour],
    ['every day', 24 * hour],
    ['every week', 168 * hour],
    ['every month', 720 * hour],
    ['every 30min', 30 * minute],
    ['every 5 minutes', 5 * minute],
    ['every 5mins', 5 * minute],
    ['every 6 hours', 6 * hour],
    ['every 1h', hour],
    ['every 5m', 5 * minute],
    ['every 30s', 30_000],
    ['every 1 week', 168 * hour],
    ['30m', 30 * minute],
    ['Every  Hour', hour],
  ])('reads %s', (runs, intervalMs) => {
    expect(parseRuns(runs)).toEqual({ intervalMs, cron: null });
  });

  it('may be a cron schedule', () => {
    expect(parseRuns(' Cron 0 9 * * 1-5 Europe/Berlin')).toEqual({ intervalMs: null, cron: '0 9 * * 1-5 Europe/Berlin' });
    expect(() => parseRuns('cron often')).toThrow(expect.objectContaining({ code: 'sync_interval_invalid' }));
    expect(() => parseRuns('cronometer')).toThrow(expect.objectContaining({ code: 'sync_interval_invalid' }));
  });

  it.each(['', 'every', 'every fortnight', 'every -1h', 'every 1 month', 'hourly', 'every 1h 30m', 'every constructor'])(
    'refuses %j as no interval',
    (runs) => {
      expect(() => parseRuns(runs)).toThrow(expect.objectContaining({ code: 'sync_interval_invalid' }));
    },
  );

  it('is a year at most', () => {
    expect(parseRuns('every 366 days').intervalMs).toBe(366 * 24 * hour);
    expect(() => parseRuns('every 99999999999 days')).toThrow(expect.objectContaining({ code: 'sync_interval_invalid' }));
  });

  it.each(['every 29s', 'every 1s', 'every 0h', 'every 30'])('refuses %s as too short', (runs) => {
    expect(() => parseRuns(runs)).toThrow(expect.objectContaining({ code: 'sync_interval_too_short' }));
  });
});
