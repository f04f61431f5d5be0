import { describe, expect, it } from 'vitest';
import { cronParts, nextCronRun, parseCron } from './cron.js';

describe('a cron schedule', () => {
  it.each([
    ['0 9 * * 1-5 Europe/Berlin', '0 9 * * 1-5 Europe/Berlin'],
    ['  */15  8-18 * *  mon-fri America/New_York ', '*/15 8-18 * * MON-FRI America/New_York'],
    ['0 0 1 jan,jul *', '0 0 1 JAN,JUL * UTC'],
    ['30 2 * * 0 UTC', '30 2 * * 0 UTC'],
  ])('%s is read', (text, cron) => {
    expect(parseCron(text)).toBe(cron);
    expect(parseCron(cron)).toBe(cron);
  });

  it.each([
    ['', 'five fields'],
    ['0 9 * *', 'five fields'],
    ['0 9 L * *', 'five fields'],
    ['0 9 ? * 1', 'five fields'],
    ['@daily * * * *', 'five fields'],
    ['60 9 * * *', 'out of its range'],
    ['0 9 31 2 *', 'out of its range'],
    ['0 9 1 * 1', 'a day of the month or a day of the week'],
    ['0 9 * * 1-5 Berlin', "'Berlin' is no time zone"],
    ['0 9 * * 1-5 +01:00', 'is no time zone'],
    ['0 9 * * * * Europe/Berlin', "'* Europe/Berlin' is no time zone"],
  ])('%j is refused with a reason', (text, reason) => {
    expect(() => parseCron(text)).toThrow(expect.objectContaining({ code: 'sync_interval_invalid', message: expect.stringContaining(reason) }));
  });

  it('keeps to its zone over the change of the clocks', () => {
    const cron = parseCron('0 9 * * * Europe/Berlin');
    expect(nextCronRun(cron, new Date('2026-03-28T12:00:00Z'))).toEqual(new Date('2026-03-29T07:00:00Z'));
    expect(nextCronRun(cron, new Date('2026-03-27T12:00:00Z'))).toEqual(new Date('2026-03-28T08:00:00Z'));
    expect(cronParts(cron)).toEqual({ expression: '0 9 * * *', timezone: 'Europe/Berlin' });
  });
});
