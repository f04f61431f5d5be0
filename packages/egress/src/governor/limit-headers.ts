import type { IncomingHttpHeaders } from 'node:http';
import { fieldReadings } from './limit-fields.js';
import { type LimitReading, momentOf, numberOf } from './limit-values.js';

/** Where a provider tells of a limit, in headers of its own. `used` holds "used/limit". */
export type LimitHeaders = {
  name?: string | undefined;
  limit?: string | undefined;
  remaining?: string | undefined;
  reset?: string | undefined;
  used?: string | undefined;
  /** How long its window is, or how long it takes to fill. */
  per_seconds?: number | undefined;
};

type Spelling = { name: string; remaining: string; limit: string; reset: string; window?: string };

const spelling = (name: string, remaining: string, limit: string, reset: string): Spelling => ({ name, remaining, limit, reset });

/** The usual spellings; the first that an answer uses counts for each name. */
const spellings: readonly Spelling[] = [
  spelling('default', 'x-ratelimit-remaining', 'x-ratelimit-limit', 'x-ratelimit-reset'),
  spelling('default', 'ratelimit-remaining', 'ratelimit-limit', 'ratelimit-reset'),
  spelling('default', 'x-rate-limit-remaining', 'x-rate-limit-limit', 'x-rate-limit-reset'),
  spelling('requests', 'x-ratelimit-remaining-requests', 'x-ratelimit-limit-requests', 'x-ratelimit-reset-requests'),
  spelling('requests', 'x-ratelimit-requests-remaining', 'x-ratelimit-requests-limit', 'x-ratelimit-requests-reset'),
  spelling('minute', 'x-ratelimit-remaining-minute', 'x-ratelimit-limit-minute', 'x-ratelimit-reset-minute'),
  spelling('hour', 'x-ratelimit-remaining-hour', 'x-ratelimit-limit-hour', 'x-ratelimit-reset-hour'),
  spelling('day', 'x-ratelimit-remaining-day', 'x-ratelimit-limit-day', 'x-ratelimit-reset-day'),
];

const namedWindows: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** What an answer's headers say of the API's limits; nothing for most answers, and soon found out. */
export function limitReadings(headers: IncomingHttpHeaders, own: readonly LimitHeaders[] | undefined, now: number): LimitReading[] {
  const readings = new Map<string, LimitReading>();
  for (const reading of own ? own.flatMap((names) => ownReading(headers, names, now)) : []) readings.set(reading.name, reading);
  if (headers['ratelimit'] !== undefined) for (const reading of fieldReadings(headers, now)) readings.set(reading.name, reading);
  for (const names of spellings) {
    if (headers[names.remaining] === undefined || readings.has(names.name)) continue;
    const reading = spelledReading(headers, names, now);
    if (reading) readings.set(names.name, reading);
  }
  return [...readings.values()];
}

function spelledReading(headers: IncomingHttpHeaders, { name, remaining, limit, reset }: Spelling, now: number): LimitReading | undefined {
  const left = numberOf(headers[remaining]);
  if (left === undefined) return undefined;
  const policy = policyOf(headers[limit]);
  const resetsAt = momentOf(headers[reset] ?? headers[`${reset}-after`], now) ?? null;
  return { name, remaining: left, capacity: policy.capacity, resetsAt, windowMs: policy.windowMs ?? namedWindows[name] ?? null };
}

/** `RateLimit-Limit: 100, 100;w=60` of the early drafts: the second part tells the window. */
function policyOf(value: string | string[] | undefined): { capacity: number | null; windowMs: number | null } {
  const capacity = numberOf(value) ?? null;
  const window = /;\s*w=(\d+)/.exec(String(value ?? ''))?.[1];
  return { capacity, windowMs: window ? Number(window) * 1_000 : null };
}

function ownReading(headers: IncomingHttpHeaders, names: LimitHeaders, now: number): LimitReading[] {
  const name = names.name ?? 'default';
  const value = (header: string | undefined) => (header === undefined ? undefined : headers[header.toLowerCase()]);
  const [used, of] =
    /(\d+)\s*\/\s*(\d+)/
      .exec(String(value(names.used) ?? ''))
      ?.slice(1)
      .map(Number) ?? [];
  const remaining = used !== undefined && of !== undefined ? of - used : numberOf(value(names.remaining));
  if (remaining === undefined) return [];
  const windowMs = names.per_seconds ? names.per_seconds * 1_000 : (namedWindows[name] ?? null);
  return [{ name, remaining, capacity: of ?? numberOf(value(names.limit)) ?? null, resetsAt: momentOf(value(names.reset), now) ?? null, windowMs }];
}
