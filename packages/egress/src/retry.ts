import type { IncomingHttpHeaders } from 'node:http';

type HeaderNames = string | string[];

/** Which header says when to come back: `at` a moment, `after` a number of seconds. */
export type RetryHeader = { at?: HeaderNames | undefined; after?: HeaderNames | undefined };

/** A provider's own rules; see the catalogue's `proxy.retry`. */
export type ProviderRetryRules = RetryHeader & {
  error_code?: (number | string)[] | undefined;
  remaining?: string | undefined;
  /** Where the body says when to come back: a path to a text, and a pattern whose first group is the value. */
  in_body?: { strategy: 'at' | 'after'; path: string; value: string } | undefined;
};

/** What decides about another attempt (surface 1.3). `retries` are attempts beyond the first. */
export type RetryRules = {
  retries: number;
  retryOn?: number[] | null | undefined;
  retryHeader?: RetryHeader | null | undefined;
  provider?: ProviderRetryRules | undefined;
};

/** The part of an answer that the rules look at; `body` is its JSON, where the rules ask for that. */
export type RetryAnswer = { status: number; headers: IncomingHttpHeaders; body?: unknown };

const firstWaitMs = 3_000;
const longestWaitMs = 10 * 60_000;
/** A day: more is a mistake of the API's, and past a timer's reach. */
const longestToldWaitMs = 24 * 3_600_000;
const networkCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'HPE_INVALID_EOF_STATE',
  // Ours, for a host that has failed of late: it may be back by then.
  'upstream_circuit_open',
]);

/** Whether an answer is one to ask again after: 429 and 5xx unless the provider lists its own, and what the call adds. A refused credential is not waited for. */
export function isRetryableAnswer({ status, headers }: RetryAnswer, { retryOn, provider }: RetryRules): boolean {
  if (retryOn?.includes(status)) return true;
  if (provider?.remaining && status >= 400 && headerValue(headers, provider.remaining) === '0') return true;
  if (provider?.error_code) return provider.error_code.some((code) => String(code) === String(status));
  return status === 429 || status >= 500;
}

/** Whether a failure without an answer is one to try again after. */
export function isRetryableFailure(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && networkCodes.has(code);
}

/**
 * Milliseconds to wait before attempt `attempt + 1` (counting from 0): what the call's header says, else the provider's, else what
 * the body says where the provider names a place in it, else a plain Retry-After on 429 and 503, else 3 s, 6 s, 12 s ... up to 10 minutes. A moment in the past or no number says nothing.
 */
export function retryWaitMs(attempt: number, answer: RetryAnswer | undefined, rules: RetryRules, now: number = Date.now()): number {
  const exponential = Math.min(firstWaitMs * 2 ** attempt, longestWaitMs);
  if (!answer) return exponential;
  const standard = answer.status === 429 || answer.status === 503 ? waitFrom(answer.headers, { after: 'retry-after' }, now) : undefined;
  const said = waitFrom(answer.headers, rules.retryHeader, now) ?? waitFrom(answer.headers, rules.provider, now) ?? waitInBody(answer, rules.provider, now);
  return Math.min(said ?? standard ?? exponential, longestToldWaitMs);
}

/** `at` wins over `after`; of several headers the longest wait. */
function waitFrom(headers: IncomingHttpHeaders, names: RetryHeader | null | undefined, now: number): number | undefined {
  const read = (list: HeaderNames | undefined, parse: (value: string) => number | undefined): number | undefined => {
    const waits = [list ?? []].flat().flatMap((name) => parse(headerValue(headers, name) ?? '') ?? []);
    return waits.length > 0 ? Math.max(...waits) : undefined;
  };
  return read(names?.at, (value) => untilMoment(value, now)) ?? read(names?.after, seconds);
}

function waitInBody({ body }: RetryAnswer, provider: ProviderRetryRules | undefined, now: number): number | undefined {
  if (!provider?.in_body || body === undefined) return undefined;
  const { strategy, path, value } = provider.in_body;
  const found = path.split('.').reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), body);
  const match = typeof found === 'string' || typeof found === 'number' ? new RegExp(value).exec(String(found))?.[1] : undefined;
  if (match === undefined) return undefined;
  return strategy === 'at' ? untilMoment(match, now) : seconds(match);
}

function seconds(value: string): number | undefined {
  const parsed = value.trim() === '' ? Number.NaN : Number(value);
  return parsed >= 0 && Number.isFinite(parsed) ? parsed * 1000 : undefined;
}

/** Epoch seconds, epoch milliseconds or a date. Read as milliseconds, a count of seconds falls in January 1970. */
function untilMoment(value: string, now: number): number | undefined {
  if (value.trim() === '') return undefined;
  const number = Number(value);
  const moment = Number.isNaN(number) ? Date.parse(value) : new Date(number).getUTCFullYear() > 1971 ? number : number * 1000;
  return moment > now ? moment - now : undefined;
}

function headerValue(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name] ?? headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}
