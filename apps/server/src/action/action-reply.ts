import type { FastifyReply } from 'fastify';
import { type ExecutionError, isAppError } from 'model';
import type { ActionOutcome } from './action-outcome.js';

const retryAfter = '5';

/** Answers an action's output as the JSON it is (a string keeps its quotes, nothing is `null`), or its error. */
export function answerAction(reply: FastifyReply, outcome: ActionOutcome): void {
  const [status, body] = outcome.kind === 'succeeded' ? [200, outcome.output] : [outcome.status, outcome.body];
  const comeAgain = outcome.kind !== 'failed' ? null : outcome.status === 503 ? retryAfter : retryAfterOf(outcome.body.error);
  if (comeAgain !== null) void reply.header('retry-after', comeAgain);
  void reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

/** In how many seconds the API may be asked again for whose wait an action was not kept; null where that was not why it failed. */
function retryAfterOf({ code, payload }: ExecutionError): string | null {
  if (code !== 'too_many_request' || typeof payload !== 'object' || payload === null || !('retryAfterSeconds' in payload)) return null;
  return String(payload.retryAfterSeconds);
}

/** Adds when to come again to the answer of an action that Temporal's absence has refused. */
export async function orRetryLater<T>(reply: FastifyReply, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAppError(error) && error.code === 'temporal_unavailable') void reply.header('retry-after', retryAfter);
    throw error;
  }
}
