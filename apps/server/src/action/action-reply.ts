import type { FastifyReply } from 'fastify';
import { type ExecutionError, isAppError } from 'model';
import type { ActionOutcome } from './action-outcome.js';

/** Answers an action's output as the JSON it is (a string keeps its quotes, nothing is `null`), or its error. */
export function answerAction(reply: FastifyReply, outcome: ActionOutcome): void {
  const [status, body] = outcome.kind === 'succeeded' ? [200, outcome.output] : [outcome.status, outcome.body];
  const retryAfter = outcome.kind === 'failed' ? retryAfterOf(outcome.body.error) : null;
  if (retryAfter !== null) void reply.header('retry-after', String(retryAfter));
  void reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

/** In how many seconds the API may be asked again for whose wait an action was not kept; null where that was not why it failed. */
function retryAfterOf({ code, payload }: ExecutionError): number | null {
  if (code !== 'too_many_request' || typeof payload !== 'object' || payload === null || !('retryAfterSeconds' in payload)) return null;
  return Number(payload.retryAfterSeconds);
}

/** Adds when to come again to the answer of an action that Temporal's absence has refused. */
export async function orRetryLater<T>(reply: FastifyReply, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAppError(error) && error.code === 'temporal_unavailable') void reply.header('retry-after', '5');
    throw error;
  }
}
