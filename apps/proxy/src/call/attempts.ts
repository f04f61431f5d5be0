import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, isRetryableAnswer, isRetryableFailure, LongWait, type RetryRules, retryWaitMs } from 'egress';
import { ParkedCall, type Patience } from './parked-call.js';
import { jsonOf } from './retry-body.js';

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
    if (attempt >= rules.retries || signal.aborted || !isRetryable(outcome, rules)) return settled(outcome);
    const waitMs = await waitAfter(attempt, outcome, rules);
    const changed = unauthorised && (await renew());
    // Where the next newer one is refused too, there is something else to wait for.
    if (changed && renewals++ === 0) continue;
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

/** Reads the refused answer as far as the rules ask, and drops the rest. */
async function waitAfter(attempt: number, outcome: Outcome, rules: RetryRules): Promise<number> {
  if (!('answer' in outcome)) return retryWaitMs(attempt, undefined, rules);
  const { answer } = outcome;
  if (rules.provider?.in_body) return retryWaitMs(attempt, { status: answer.status, headers: answer.headers, body: await jsonOf(answer) }, rules);
  answer.discard();
  return retryWaitMs(attempt, answer, rules);
}

function settled(outcome: Outcome): Answer {
  if ('answer' in outcome) return outcome.answer;
  throw outcome.error;
}

function isRetryable(outcome: Outcome, rules: RetryRules): boolean {
  return 'answer' in outcome ? isRetryableAnswer(outcome.answer, rules) : isRetryableFailure(outcome.error);
}
