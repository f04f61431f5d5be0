import type { FastifyReply } from 'fastify';
import { type ErrorCode, type ExecutionError, isAppError } from 'model';
import type { ActionOutcome } from './action-outcome.js';

const retryAfter = '5';

/** Answers an action's output as the JSON it is (a string keeps its quotes, nothing is `null`), or its error. */
export function answerAction(reply: FastifyReply, outcome: ActionOutcome): void {
  const [status, body] = outcome.kind === 'succeeded' ? [200, outcome.output] : [outcome.status, outcome.body];
  const again = outcome.kind !== 'failed' ? null : outcome.status === 503 ? retryAfter : retryAfterOf(outcome.body.error);
  if (again !== null) void reply.header('retry-after', again);
  void reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

/** In how many seconds the API may be asked again for whose wait an action was not kept; null where that was not why it failed. */
function retryAfterOf({ code, payload }: ExecutionError): string | null {
  if (code !== 'too_many_request' || typeof payload !== 'object' || payload === null || !('retryAfterSeconds' in payload)) return null;
  return String(payload.retryAfterSeconds);
}

const comeAgain: ReadonlySet<ErrorCode> = new Set(['temporal_unavailable', 'runner_unavailable']);

/** Adds when to come again to the answer of an action that could not be started. */
export async function orRetryLater<T>(reply: FastifyReply, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAppError(error) && comeAgain.has(error.code)) void reply.header('retry-after', retryAfter);
    throw error;
  }
}
