import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, isRetryableAnswer, isRetryableFailure, LongWait, type RetryRules, retryWaitMs } from 'egress';
import { ParkedCall, type Patience } from './parked-call.js';
import { jsonOf } from './retry-body.js';

/**
 * What becomes of a refused credential. `inspect` tells whether an answer says that it was refused, and hands back an answer whose body can
 * still be read; `renew` gets another credential and tells whether there is one, and whether the call can be sent again with it.
 */
export type RefusedCredential = {
  inspect(answer: Answer): { isRefused: boolean; answer: Answer } | Promise<{ isRefused: boolean; answer: Answer }>;
  renew(): Promise<boolean>;
};

/** One call with its further attempts. */
export type Attempts = { rules: RetryRules; patience: Patience; signal: AbortSignal; send: () => Promise<Answer>; refusal: RefusedCredential };

type Outcome = { answer: Answer; isRefused: boolean } | { error: unknown };

/**
 * Sends until an answer is final, or the attempts are used up; then the last answer or error is the call's. A refused credential is renewed
 * once, and the call is sent again with it whatever its attempts: the API has not looked at it. Waiting would not make it better.
 *
 * @throws ParkedCall instead of waiting long
 */
export async function sendWithRetries({ rules, patience, signal, send, refusal }: Attempts): Promise<Answer> {
  let renewed = false;
  for (let attempt = patience.retriesUsed; ;) {
    const outcome = await settle(send, refusal);
    // Nothing was sent this time, so no try is used up.
    if ('error' in outcome && outcome.error instanceof LongWait) throw new ParkedCall(outcome.error.until, attempt);
    if ('answer' in outcome && outcome.isRefused) {
      const isFirst = !renewed;
      renewed = true;
      if (isFirst && !signal.aborted && (await refusal.renew())) {
        outcome.answer.discard();
        continue;
      }
      if (!rules.retryOn?.includes(outcome.answer.status)) return outcome.answer;
    }
    if (attempt >= rules.retries || signal.aborted || !isRetryable(outcome, rules)) return settled(outcome);
    const waitMs = await waitAfter(attempt, outcome, rules);
    if (waitMs > (patience.parksAfterMs ?? Infinity)) throw new ParkedCall(new Date(Date.now() + waitMs), attempt + 1);
    await wait(waitMs, undefined, { signal });
    attempt++;
  }
}

async function settle(send: () => Promise<Answer>, refusal: RefusedCredential): Promise<Outcome> {
  try {
    return await refusal.inspect(await send());
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
