import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, isRetryableAnswer, isRetryableFailure, LongWait, type RetryRules, retryWaitMs } from 'egress';
import { ParkedCall, type Patience } from './parked-call.js';

/** One call with its further attempts. `renew` reads the credential anew and tells whether it has changed. */
export type Attempts = { rules: RetryRules; patience: Patience; signal: AbortSignal; send: () => Promise<Answer>; renew: () => Promise<boolean> };

type Outcome = { answer: Answer } | { error: unknown };

/** Sends until an answer is final, or the attempts are used up; then the last answer or error is the call's. @throws ParkedCall instead of waiting long */
export async function sendWithRetries({ rules, patience, signal, send, renew }: Attempts): Promise<Answer> {
  let renewals = 0;
  for (let attempt = patience.retriesUsed; ; attempt++) {
    const outcome = await settle(send);
    // Nothing was sent this time, so no try is used up.
    if ('error' in outcome && outcome.error instanceof LongWait) throw new ParkedCall(outcome.error.until, attempt);
    const unauthorised = 'answer' in outcome && outcome.answer.status === 401;
    // A credential that was read anew and is refused again will not get better.
    if (attempt >= rules.retries || signal.aborted || !isRetryable(outcome, rules) || (unauthorised && renewals > 0)) return settled(outcome);
    const waitMs = retryWaitMs(attempt, 'answer' in outcome ? outcome.answer : undefined, rules);
    if ('answer' in outcome) outcome.answer.discard();
    const changed = unauthorised && (await renew());
    if (unauthorised) renewals++;
    if (changed) continue;
    if (waitMs > (patience.parksAfterMs ?? Infinity)) throw new ParkedCall(new Date(Date.now() + waitMs), attempt + 1);
    await wait(waitMs, undefined, { signal });
  }
}

async function settle(send: () => Promise<Answer>): Promise<Outcome> {
  try {
    return { answer: await send() };
  } catch (error) {
    return { error };
  }
}

function settled(outcome: Outcome): Answer {
  if ('answer' in outcome) return outcome.answer;
  throw outcome.error;
}

function isRetryable(outcome: Outcome, rules: RetryRules): boolean {
  return 'answer' in outcome ? isRetryableAnswer(outcome.answer, rules) : isRetryableFailure(outcome.error);
}
