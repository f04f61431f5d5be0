import type { Demand, Limit } from 'model';
import type { LimitReading } from './limit-values.js';
import { reserveFor } from './turn.js';

/** A limit that somebody has stated, beforehand: so many a second, so many of them at once. */
export type StatedLimit = { name: string; source: 'setting' | 'catalogue'; perSecond: number; capacity: number };

/** What an answer said of a limit. `sentAt`: when its call was sent. */
export type Reading = LimitReading & { sentAt: number };

/** A new window is taken at its word only in part until an answer confirms it: some APIs mean "one more by then". */
const unconfirmedShare = 0.25;
/** A limit without a window that nobody knows comes back after so long. */
const assumedWindowMs = 60_000;
/** Rates read off headers are a little lower than they are, never higher. */
const caution = 0.95;
const raisingMs = 300_000;

/** So many answers that say nothing of a limit are no accident. */
const silentAnswers = 5;
/** Learned limits that no answer has confirmed for so long are forgotten. */
const forgottenMs = 24 * 3_600_000;

export const isSteady = ({ perSecond }: Limit): boolean => perSecond > 0;

/** A limit as it is at `now`, `held` of its places being with processes that have not used them. */
export function settled(limit: Limit, now: number, held: number): Limit {
  if (now <= limit.at) return limit;
  const most = limit.capacity - held;
  if (isSteady(limit)) {
    const level = limit.level + (limit.perSecond * (now - limit.at)) / 1_000;
    return { ...raised(limit, now), level: Math.min(most, level), at: now };
  }
  if (limit.resetsAt === null || now < limit.resetsAt) return { ...limit, at: now };
  const level = Math.max(limit.level, Math.min(most, Math.ceil(limit.capacity * unconfirmedShare)));
  return { ...limit, level, at: now, resetsAt: now + (limit.windowMs ?? assumedWindowMs) };
}

/** A limit concluded from refusals is tried out: raised by 4% after a minute, doubled after five. */
function raised(limit: Limit, now: number): Limit {
  if (!limit.concluded) return limit;
  const { at, perSecond } = limit.concluded;
  return { ...limit, perSecond: perSecond * (1 + ((now - at) / raisingMs) ** 2) };
}

/**
 * Whether a learned limit no longer counts: nobody has confirmed it for a day, or the API goes on answering without a word of what it
 * once said, for longer than the limit's window. Else what one odd answer said would hold for good.
 */
export function isForgotten({ source, readAt, readAnswered, at, windowMs, concluded }: Limit, answered: number, now: number): boolean {
  if (source === 'refusals') return concluded !== undefined && concluded.at < now - forgottenMs / 12;
  if (source !== 'headers') return false;
  const unreadMs = now - (readAt ?? at);
  const isSilent = readAnswered !== undefined && answered - readAnswered >= silentAnswers;
  return unreadMs > forgottenMs || (isSilent && unreadMs > (windowMs ?? assumedWindowMs));
}

/** How many places a demand may take of `level`. */
export function roomFor(limit: Limit, level: number, demand: Demand, now: number): number {
  return Math.max(0, Math.floor(level - reserveOf(limit, demand, now) + 1e-9));
}

/** What a demand leaves to others: of a window less and less towards its end, since what is left then is lost. */
function reserveOf(limit: Limit, demand: Demand, now: number): number {
  const reserve = reserveFor(demand, now) * Math.max(0, limit.capacity - 1);
  if (isSteady(limit) || limit.resetsAt === null) return reserve;
  const rest = (limit.resetsAt - now) / (limit.windowMs ?? assumedWindowMs);
  return reserve * Math.min(1, Math.max(0, rest));
}

/** Milliseconds until a demand finds a place in a limit of which `level` is left; less than nothing means debts. */
export function waitFor(limit: Limit, level: number, demand: Demand, now: number): number {
  if (roomFor(limit, level, demand, now) >= 1) return 0;
  const untilTurn = Math.max(0, demand.turn - now);
  if (isSteady(limit)) {
    const until = (wanted: number): number => ((wanted - level) * 1_000) / limit.perSecond;
    return Math.max(0, Math.min(until(1 + reserveOf(limit, demand, now)), Math.max(untilTurn, until(1))));
  }
  const untilReset = Math.max(0, (limit.resetsAt ?? now + assumedWindowMs) - now);
  if (level < 1) return untilReset;
  // What is kept for others shrinks to nothing by the reset.
  const untilShrunk = untilReset * (1 - (level - 1) / Math.max(1e-9, reserveOf(limit, demand, now)));
  return Math.min(untilReset, untilTurn, Math.max(0, untilShrunk));
}

/** The stated limits in place of those stated before, each with the level it had. */
export function withStated(limits: readonly Limit[], stated: readonly StatedLimit[], now: number): Limit[] {
  const learned = limits.filter(({ source }) => source === 'headers' || source === 'refusals');
  const renewed = stated.map(({ name, source, perSecond, capacity }): Limit => {
    const known = limits.find((limit) => limit.source === source && limit.name === name);
    const level = known ? Math.min(known.level, capacity) : capacity;
    return { name, source, perSecond, capacity, level, at: known?.at ?? now, resetsAt: null, windowMs: null };
  });
  return [...renewed, ...learned];
}

/** What the API says counts more than what was reckoned. `pending`: places whose calls it had not counted yet. */
export function withReading(known: Limit | undefined, reading: Reading, { answered, pending }: { answered: number; pending: number }): Limit {
  const { name, remaining, resetsAt, sentAt } = reading;
  if (known?.readAt !== undefined && known.readAt > sentAt) return known;
  const untilReset = resetsAt === null ? null : resetsAt - sentAt;
  const windowMs = reading.windowMs ?? (untilReset === null ? (known?.windowMs ?? null) : Math.max(known?.windowMs ?? 0, untilReset));
  const capacity = reading.capacity ?? Math.max(known?.capacity ?? 1, remaining);
  const measured: Limit = {
    name,
    source: 'headers',
    capacity,
    perSecond: known?.perSecond ?? 0,
    level: remaining - pending,
    at: sentAt,
    resetsAt: resetsAt ?? assumedReset(known, windowMs, sentAt),
    windowMs,
    readAt: sentAt,
    readAnswered: answered,
    ...(known?.since && { since: known.since }),
    ...(known?.stepwise && { stepwise: true }),
  };
  return measuredRefill(measured, remaining, answered);
}

/** Of an API that does not say when it comes back: a window after it was first read. */
function assumedReset(known: Limit | undefined, windowMs: number | null, at: number): number {
  return known?.resetsAt && known.resetsAt > at ? known.resetsAt : at + (windowMs ?? assumedWindowMs);
}

/**
 * Tells a bucket that fills steadily from a window that fills at once: by what was left before, what was used since, and what
 * is left now. Only looked at over a good part of a window, so that answers that overtake each other make no difference.
 */
function measuredRefill(limit: Limit, remaining: number, answered: number): Limit {
  const { since, windowMs, at } = limit;
  if (limit.stepwise) return limit;
  const begun: Limit = { ...limit, since: { at, remaining, answered, resetsAt: limit.resetsAt } };
  if (!since || windowMs === null) return begun;
  const ms = at - since.at;
  if (!isSteady(limit) && since.resetsAt !== null && at > since.resetsAt) return begun;
  if (ms < Math.max(1_000, windowMs * 0.4)) return limit;
  const perSecond = ((remaining - since.remaining + (answered - since.answered)) * 1_000) / ms;
  const wholeWindow = (limit.capacity * 1_000) / windowMs;
  // A bucket that is full hides what would have come, and one that fills within its window at all is steady.
  if (perSecond < wholeWindow / 2) return remaining > limit.capacity * 0.8 ? begun : { ...begun, perSecond: isSteady(limit) ? limit.perSecond * 0.9 : 0 };
  const measured = Math.min(perSecond, wholeWindow * 2) * caution;
  return { ...begun, perSecond: isSteady(limit) ? (limit.perSecond + measured) / 2 : measured };
}
