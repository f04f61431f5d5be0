import type { Queryable } from 'database';
import { channels, type ExecutionKind, type ExecutionStatus } from 'model';

/** How an execution ends. `output` and `error` are sealed. */
export type Ending = {
  executionId: string;
  environmentId: number;
  /** Only this generation may end it; null for a sweep, which takes it away from every attempt. */
  generation: number | null;
  status: Extract<ExecutionStatus, 'succeeded' | 'failed' | 'cancelled' | 'lost'>;
  output?: string | null;
  /** Whether a call was answered with an error and the script went on. */
  swallowedError?: boolean;
  error?: string | null;
};

/** An execution that has just ended. Times are ISO 8601. */
export type EndedExecution = {
  executionId: string;
  environmentId: number;
  operationId: string;
  kind: ExecutionKind;
  syncId: string | null;
  startedAt: Date;
  finishedAt: Date;
  runKind: string | null;
};

const operationStatus = { succeeded: 'success', failed: 'failed', cancelled: 'cancelled', lost: 'failed' } as const;

/**
 * Ends an execution with its operation, frees its sync's lease and tells who waits for an action, all in one statement.
 * Null when it has ended already or another generation has taken over.
 */
export async function closeExecution(client: Queryable, ending: Ending): Promise<EndedExecution | null> {
  const { executionId, environmentId, generation, status, output = null, error = null, swallowedError = false } = ending;
  const { rows } = await client.query<EndedExecution & { told: unknown }>(
    `WITH ended AS (
       UPDATE execution SET status = $4, output = $5, error = $6, finished_at = clock_timestamp(), generation = generation + CASE WHEN $3::int IS NULL THEN 1 ELSE 0 END,
         parked_until = NULL, swallowed_error = swallowed_error OR $7
       WHERE id = $1 AND environment_id = $2 AND status IN ('queued', 'running', 'parked') AND ($3::int IS NULL OR generation = $3)
       RETURNING id AS "executionId", environment_id AS "environmentId", operation_id AS "operationId", kind, sync_id AS "syncId",
         coalesce(started_at, created_at) AS "startedAt", finished_at AS "finishedAt", run_kind AS "runKind"
     ), settled AS (
       UPDATE operation o SET status = $8, ended_at = clock_timestamp() FROM ended WHERE o.id = ended."operationId" AND o.environment_id = $2
     ), freed AS (
       UPDATE sync s SET lease_execution_id = NULL FROM ended WHERE s.id = ended."syncId" AND s.environment_id = $2 AND s.lease_execution_id = $1
     )
     SELECT *, CASE kind WHEN 'action' THEN pg_notify($9, $1::text) END AS told FROM ended`,
    [executionId, environmentId, generation, status, output, error, swallowedError, operationStatus[status], channels.actionEnded],
  );
  if (!rows[0]) return null;
  const { told: _, ...ended } = rows[0];
  return ended;
}
