import ms from 'ms';
import { AppError } from 'model';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The shortest time between two runs of a sync. */
export const shortestIntervalMs = 30_000;

const phrases: Record<string, number> = {
  'half day': 12 * hour,
  'half hour': 30 * minute,
  'quarter hour': 15 * minute,
  hour,
  day,
  week: 7 * day,
  month: 30 * day,
};

/**
 * Reads a sync's `runs` (surface 2.4): `every hour`, `every half day`, or `every` and a duration in `ms` notation (`every 30min`).
 *
 * @throws AppError `sync_interval_invalid`, or `sync_interval_too_short` below 30 s
 */
export function parseRuns(runs: string): { intervalMs: number } {
  const text = runs.trim().replace(/\s+/g, ' ').toLowerCase();
  const duration = text.replace(/^every /, '');
  const intervalMs = phrases[duration] ?? durationMs(duration);
  if (intervalMs === undefined) {
    throw new AppError('sync_interval_invalid', { message: `'${runs}' is not an interval; write for example 'every hour', 'every 30min' or 'every half day'` });
  }
  if (intervalMs < shortestIntervalMs) {
    throw new AppError('sync_interval_too_short', { message: `'${runs}' is shorter than the shortest interval, 'every 30s'` });
  }
  return { intervalMs };
}

function durationMs(duration: string): number | undefined {
  // ms accepts a sign and reads an empty string as an error thrown; neither is a duration between two runs.
  if (!/^\d*\.?\d+ ?[a-z]*$/.test(duration)) return undefined;
  const value: number | undefined = ms(duration as ms.StringValue); // a string that is no StringValue answers undefined
  return Number.isFinite(value) ? Math.round(Number(value)) : undefined;
}
