import type { Priority } from 'model';
import { type BudgetRef, type Governor, LongWait } from '../governor.js';
import type { LimitedApi } from './limited-api.js';

export type Outcome = { priority: Priority; startedAt: number; waitedMs: number; sentAt: number };

/** Calls an API through a governor until `until`, one call after the other, and again whatever was refused. */
export async function client(
  governor: Governor,
  {
    budget,
    api,
    priority,
    until,
    pauseMs = 0,
    outcomes,
  }: { budget: BudgetRef; api: LimitedApi; priority: Priority; until: number; pauseMs?: number; outcomes: Outcome[] },
): Promise<void> {
  while (Date.now() < until) {
    const startedAt = Date.now();
    for (let done = false; !done && Date.now() < until;) done = await oneTry(governor, { budget, api, priority, startedAt, outcomes });
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedAt + pauseMs - Date.now())));
  }
}

type Try = { budget: BudgetRef; api: LimitedApi; priority: Priority; startedAt: number; outcomes: Outcome[] };

async function oneTry(governor: Governor, { budget, api, priority, startedAt, outcomes }: Try): Promise<boolean> {
  try {
    const place = await governor.admit([budget], { priority, longestWaitMs: 20_000, signal: new AbortController().signal });
    const sentAt = Date.now();
    const answer = await api.call();
    place.answered(answer);
    if (answer.status === 429) return false;
    outcomes.push({ priority, startedAt, waitedMs: Date.now() - startedAt, sentAt });
    return true;
  } catch (error) {
    if (!(error instanceof LongWait)) throw error;
    // As a parked run: it comes again at the moment it was told.
    await new Promise((done) => setTimeout(done, Math.max(0, error.until.getTime() - Date.now())));
    return false;
  }
}
