import type { BudgetState, Limit } from 'model';
import { describe, expect, it } from 'vitest';
import { toBudget } from './rate-budget-answer.js';

const now = Date.parse('2026-11-26T12:00:00Z');
const window: Limit = { name: 'default', source: 'headers', capacity: 100, perSecond: 0, level: 7, at: now - 500, resetsAt: now + 30_000, windowMs: 60_000 };
const bucket: Limit = { name: 'setting', source: 'setting', capacity: 20, perSecond: 10, level: -3, at: now - 500, resetsAt: null, windowMs: null };
const told = (state: Partial<BudgetState>) =>
  toBudget({ scope: 'connection', state: { limits: [], blockedUntil: 0, answered: 0, refused: null, slices: {}, ...state }, updatedAt: new Date(now) }, now);

describe('a budget as it is told', () => {
  it('says what is left of a window, and when it comes back', () => {
    expect(told({ limits: [window] }).limits).toEqual([
      { name: 'default', learned_from: 'headers', limit: 100, remaining: 7, resets_at: '2026-11-26T12:00:30.000Z', requests_per_second: null },
    ]);
  });

  it('has a window whole that is over', () => {
    expect(told({ limits: [{ ...window, resetsAt: now - 1 }] }).limits).toMatchObject([{ remaining: 100, resets_at: null }]);
  });

  it('has a bucket filled up to this moment', () => {
    expect(told({ limits: [bucket] }).limits).toMatchObject([{ limit: 20, remaining: 2, requests_per_second: 10 }]);
    expect(told({ limits: [{ ...bucket, at: now - 60_000 }] }).limits).toMatchObject([{ remaining: 20 }]);
  });

  it('counts who waits in processes that live', () => {
    const demand = { priority: 'backfill' as const, count: 2, turn: now };
    const slice = { held: 0, underWay: 0, until: now + 1, demands: [demand, { ...demand, priority: 'interactive' as const, count: 1 }] };
    expect(told({ slices: { a: slice, b: slice, dead: { ...slice, until: now } } }).waiting).toEqual({ backfill: 4, interactive: 2 });
  });

  it('says until when the API wants no call, as long as that is so', () => {
    expect([told({ blockedUntil: now + 1 }).blocked_until, told({ blockedUntil: now }).blocked_until]).toEqual(['2026-11-26T12:00:00.001Z', null]);
  });
});
