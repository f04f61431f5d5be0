/** What one answer says of one limit. Moments are in milliseconds of the clock that `now` was read from. */
export type LimitReading = { name: string; remaining: number; capacity: number | null; resetsAt: number | null; windowMs: number | null };

type HeaderValue = string | string[] | undefined;

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** A count of seconds above this is a moment: 30 years. */
const longestSeconds = 1e9;

/** The number a header begins with; a negative one is none left. */
export function numberOf(value: HeaderValue): number | undefined {
  const text = /^\s*(-?\d+(\.\d+)?)/.exec(String(value ?? ''))?.[1];
  return text === undefined ? undefined : Math.max(0, Number(text));
}

/** When a limit comes back: seconds from now, a moment in seconds or milliseconds, a date, or lengths such as `6m0s`. */
export function momentOf(value: HeaderValue, now: number): number | undefined {
  const moment = parsedMoment(String(value ?? '').trim(), now);
  return moment === undefined ? undefined : Math.min(moment, now + longestWaitMs);
}

function parsedMoment(text: string, now: number): number | undefined {
  if (text === '') return undefined;
  const number = Number(text);
  if (!Number.isNaN(number)) return momentOfNumber(number, now);
  const length = lengthOf(text);
  if (length !== undefined) return now + length;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date;
}

function momentOfNumber(number: number, now: number): number | undefined {
  if (number < 0) return undefined;
  if (number < longestSeconds) return now + number * 1_000;
  return number < longestSeconds * 1_000 ? number * 1_000 : number;
}

/** `1s`, `250ms`, `1h2m3.5s`. */
function lengthOf(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0);
}

/** Nobody is kept waiting for longer on an API's word: what says more is mistaken, and would never be corrected. */
export const longestWaitMs = 24 * 3_600_000;

/** Milliseconds of a `Retry-After`: seconds, or a date. */
export function retryAfterMs(value: HeaderValue, now: number): number | undefined {
  const moment = momentOf(value, now);
  return moment === undefined ? undefined : Math.min(Math.max(0, moment - now), longestWaitMs);
}
