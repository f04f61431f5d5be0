import type { BudgetState, Limit } from 'model';
import { isSteady } from './limit.js';

/** An answer that refused a call because there were too many (429). `recently`: calls answered in the second before. */
export type Refusal = {
  at: number;
  /** When the refused call was sent. */
  sentAt: number;
  /** How long the API asks to wait, if it says. */
  waitMs: number | null;
  /** Whether its own headers explain it: they say that nothing is left. */
  explained: boolean;
  recently: number;
};

const name = 'refusals';
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** So few answers between two refusals say nothing of a rate: the pause was too short. */
const fewest = 3;
/** A single refusal of calls that came more slowly than this says nothing of a rate either: the API was busy, or counts something else. */
const tellingPerSecond = 5;
/** After so long without another one a refusal is a single one again. */
const singleAfterMs = 600_000;
const caution = 0.95;
const slowest = 1 / 60;

/**
 * Takes account of a refusal. The bucket was empty at this one and at the one before, so what was answered in between is what
 * came in: the rate, unless the bucket was full for a while.
 */
export function withRefusal(state: BudgetState, refusal: Refusal): BudgetState {
  const { refused } = state;
  // It was sent before the last one was known: it tells nothing new but its wait.
  if (refused && refusal.sentAt <= refused.at) return blocked(state, refusal.at + (refusal.waitMs ?? 0));
  const answered = refused ? state.answered - refused.answered : 0;
  const pauseMs = refusal.waitMs ?? (refused && answered < fewest ? Math.min(refused.pauseMs * 2, longestPauseMs) : firstPauseMs);
  const next = blocked({ ...state, refused: { at: refusal.at, until: untilOf(refusal), answered: state.answered, pauseMs } }, refusal.at + pauseMs);
  return refusal.explained ? { ...next, limits: next.limits.map(emptied) } : { ...next, limits: concluded(state, next, refusal, answered) };
}

const blocked = (state: BudgetState, until: number): BudgetState => ({ ...state, blockedUntil: Math.max(state.blockedUntil, until) });

/** Headers that were thought to tell of a bucket that fills steadily: it did not. */
function emptied(limit: Limit): Limit {
  return limit.source === 'headers' && isSteady(limit) ? { ...limit, level: Math.min(0, limit.level), perSecond: 0, stepwise: true } : limit;
}

function concluded(before: BudgetState, { limits, blockedUntil }: BudgetState, refusal: Refusal, answered: number): Limit[] {
  const known = limits.find(({ source }) => source === 'refusals');
  const rate = rateOf(before, known, refusal, answered);
  if (rate === null) return limits;
  const perSecond = Math.max(slowest, rate);
  const limit: Limit = {
    name,
    source: 'refusals',
    capacity: Math.max(1, Math.ceil(perSecond / 4)),
    perSecond,
    level: 0,
    at: blockedUntil,
    resetsAt: null,
    windowMs: null,
    concluded: { at: refusal.at, perSecond },
  };
  return [...limits.filter((other) => other !== known), limit];
}

function rateOf({ refused }: BudgetState, known: Limit | undefined, refusal: Refusal, answered: number): number | null {
  const isSingle = !known && (!refused || refusal.at - refused.at > singleAfterMs);
  // There is only a rate that is too high. It is refused once more, soon, and then the true one is known.
  if (isSingle || !refused) return refusal.recently >= tellingPerSecond ? refusal.recently : null;
  const ms = untilOf(refusal) - refused.until;
  const between = answered < fewest || ms <= 0 ? null : (answered * 1_000 * caution) / ms;
  return known ? (between ?? known.perSecond / 2) : Math.max(1, refusal.recently, between ?? 0);
}

/** From window to window where the API says when the next one begins. */
const untilOf = ({ at, waitMs }: Refusal): number => at + (waitMs ?? 0);
