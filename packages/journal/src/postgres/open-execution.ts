import { randomUUID } from 'node:crypto';
import type { Queryable } from 'database';
import type { ExecutionKind } from 'model';

/** A row of `execution` to be, and what its operation tells of it. */
export type NewExecution = {
  environmentId: number;
  kind: ExecutionKind;
  connectionId: number;
  scriptVersionId: number;
  /** Sealed. */
  input?: string | null;
  syncId?: string;
  variant?: string;
  workflowRunId?: string;
  runKind?: string;
  parentExecutionId?: string;
  parentCall?: string;
  idempotencyKey?: string | undefined;
};

/** Inserts an execution with its operation, in one statement. Null when a unique key says that it exists. */
export async function insertExecution(client: Queryable, row: NewExecution): Promise<{ executionId: string; operationId: string } | null> {
  const [executionId, operationId] = [randomUUID(), randomUUID()];
  const suffix = row.variant && row.variant !== 'base' ? `::${row.variant}` : '';
  const { rowCount } = await client.query(
    `WITH made AS (
       INSERT INTO execution (id, environment_id, kind, status, sync_id, connection_id, script_version_id, operation_id, run_kind, workflow_run_id,
         parent_execution_id, parent_call, idempotency_key, input, last_sync_date, created_at)
       VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, (SELECT last_sync_date FROM sync WHERE id = $4 AND environment_id = $2), clock_timestamp())
       ON CONFLICT DO NOTHING RETURNING id
     ), told AS (
       INSERT INTO operation (id, environment_id, kind, title, status, integration, connection_id, script, execution_id, started_at)
       SELECT $7, $2, $3, s.name || $14, 'running', i.unique_key, c.connection_id, s.name, made.id, clock_timestamp()
       FROM made
       JOIN script_version v ON v.id = $6 AND v.environment_id = $2
       JOIN script s ON s.id = v.script_id AND s.environment_id = $2
       JOIN connection c ON c.id = $5 AND c.environment_id = $2
       JOIN integration i ON i.id = c.integration_id AND i.environment_id = $2
     )
     SELECT id FROM made`,
    [
      executionId,
      row.environmentId,
      row.kind,
      row.syncId ?? null,
      row.connectionId,
      row.scriptVersionId,
      operationId,
      row.runKind ?? null,
      row.workflowRunId ?? null,
      row.parentExecutionId ?? null,
      row.parentCall ?? null,
      row.idempotencyKey ?? null,
      row.input ?? null,
      suffix,
    ],
  );
  return rowCount ? { executionId, operationId } : null;
}
