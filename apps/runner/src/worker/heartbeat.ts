import type { Context } from '@temporalio/activity';

/** A run shorter than this needs no heartbeat, and each one costs the server some milliseconds. Well within the heartbeat timeout. */
const firstBeatMs = 3_000;

/** Tells Temporal that a run lives, once it has run for a while. */
export function heartbeatOf(context: Pick<Context, 'heartbeat'>): () => void {
  const startedAt = performance.now();
  return () => {
    if (performance.now() - startedAt >= firstBeatMs) context.heartbeat();
  };
}
