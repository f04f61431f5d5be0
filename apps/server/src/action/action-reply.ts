import type { FastifyReply } from 'fastify';
import { isAppError } from 'model';
import type { ActionOutcome } from './action-outcome.js';

const retryAfter = '5';

/** Answers an action's output as the JSON it is (a string keeps its quotes, nothing is `null`), or its error. */
export function answerAction(reply: FastifyReply, outcome: ActionOutcome): void {
  if (outcome.kind === 'failed' && outcome.status === 503) void reply.header('retry-after', retryAfter);
  const [status, body] = outcome.kind === 'succeeded' ? [200, outcome.output] : [outcome.status, outcome.body];
  void reply.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
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
