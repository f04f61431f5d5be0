import type { BudgetState, Limit, RateBudget, RateLimitState } from 'model';
import type { StoredBudget } from './rate-limit.repository.js';

/** A budget as the API tells it, at this moment. */
export function toBudget({ scope, state, updatedAt }: StoredBudget, now: number): RateBudget {
  return {
    counts: scope,
    limits: state.limits.map((limit) => toLimit(limit, now)),
    waiting: waitingIn(state, now),
    blocked_until: state.blockedUntil > now ? new Date(state.blockedUntil).toISOString() : null,
    updated_at: updatedAt.toISOString(),
  };
}

function toLimit(limit: Limit, now: number): RateLimitState {
  const { name, source, capacity, perSecond, resetsAt } = limit;
  const isOver = perSecond === 0 && resetsAt !== null && resetsAt <= now;
  const level = isOver ? capacity : limit.level + (perSecond * Math.max(0, now - limit.at)) / 1_000;
  return {
    name,
    learned_from: source,
    limit: capacity,
    remaining: Math.max(0, Math.floor(Math.min(capacity, level))),
    resets_at: perSecond > 0 || resetsAt === null || isOver ? null : new Date(resetsAt).toISOString(),
    requests_per_second: perSecond > 0 ? Math.round(perSecond * 1_000) / 1_000 : null,
  };
}

/** What processes that still live have said of who waits. */
function waitingIn({ slices }: BudgetState, now: number): RateBudget['waiting'] {
  const waiting: RateBudget['waiting'] = {};
  for (const { until, demands } of Object.values(slices)) {
    if (until <= now) continue;
    for (const { priority, count } of demands) waiting[priority] = (waiting[priority] ?? 0) + count;
  }
  return waiting;
}
