import ms from 'ms';
import { AppError } from 'model';
import { parseCron } from './cron.js';

export { cronParts, nextCronRun } from './cron.js';

/** When a sync runs: every so many milliseconds, or as a cron text says (five fields and a time zone). */
export type Rhythm = { intervalMs: number; cron: null } | { intervalMs: null; cron: string };

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The shortest time between two runs of a sync. */
export const shortestIntervalMs = 30_000;

/** The longest; far below what no scheduler takes any more. */
const longestIntervalMs = 366 * day;

const phrases = new Map([
  ['half day', 12 * hour],
  ['half hour', 30 * minute],
  ['quarter hour', 15 * minute],
  ['hour', hour],
  ['day', day],
  ['week', 7 * day],
  ['month', 30 * day],
]);

/**
 * Reads a sync's `runs` (surface 2.4): `every hour`, `every half day`, or `every` and a duration in `ms` notation (`every 30min`);
 * beyond the surface `cron` with five fields and a time zone (`cron 0 9 * * 1-5 Europe/Berlin`).
 *
 * @throws AppError `sync_interval_invalid`, also beyond a year, or `sync_interval_too_short` below 30 s
 */
export function parseRuns(runs: string): Rhythm {
  const cron = /^\s*cron\b/i.exec(runs);
  if (cron) return { intervalMs: null, cron: parseCron(runs.slice(cron[0].length)) };
  const text = runs.trim().replace(/\s+/g, ' ').toLowerCase();
  const duration = text.replace(/^every /, '');
  const intervalMs = phrases.get(duration) ?? durationMs(duration);
  if (intervalMs === undefined) {
    throw new AppError('sync_interval_invalid', {
      message: `'${runs}' is not an interval; write for example 'every hour', 'every 30min', 'every half day' or 'cron 0 9 * * 1-5 Europe/Berlin'`,
    });
  }
  if (intervalMs > longestIntervalMs)
    throw new AppError('sync_interval_invalid', { message: `'${runs}' is longer than the longest interval, 'every 366 days'` });
  if (intervalMs < shortestIntervalMs) {
    throw new AppError('sync_interval_too_short', { message: `'${runs}' is shorter than the shortest interval, 'every 30s'` });
  }
  return { intervalMs, cron: null };
}

function durationMs(duration: string): number | undefined {
  // ms accepts a sign and reads an empty string as an error thrown; neither is a duration between two runs.
  if (!/^\d*\.?\d+ ?[a-z]*$/.test(duration)) return undefined;
  const value: number | undefined = ms(duration as ms.StringValue); // a string that is no StringValue answers undefined
  return Number.isFinite(value) ? Math.round(Number(value)) : undefined;
}
