import { randomUUID } from 'node:crypto';
import type { ExecutionKind } from 'model';

/** One of many runs to open. `input` is sealed; runs may share one. */
export type NewRun = {
  executionId: string;
  kind: Exclude<ExecutionKind, 'sync'>;
  connectionId: number;
  scriptVersionId: number;
  input: string | null;
  syncId?: string;
  runKind?: string;
  batchId?: string;
};

/** Runs a statement in the caller's transaction, whichever client that is of. */
export type Execute = (sql: string, values: unknown[]) => Promise<unknown>;

/** Opens many runs of one environment at once, each with its operation, in the caller's transaction. */
export async function insertRuns(execute: Execute, environmentId: number, runs: NewRun[]): Promise<void> {
  if (runs.length === 0) return;
  const inputs = [...new Set(runs.flatMap(({ input }) => input ?? []))];
  await execute(insertion, [
    environmentId,
    inputs,
    runs.map(({ executionId }) => executionId),
    runs.map(() => randomUUID()),
    runs.map(({ kind }) => kind),
    runs.map(({ connectionId }) => connectionId),
    runs.map(({ scriptVersionId }) => scriptVersionId),
    runs.map(({ input }) => (input === null ? 0 : inputs.indexOf(input) + 1)),
    runs.map(({ syncId }) => syncId ?? ''),
    runs.map(({ runKind }) => runKind ?? ''),
    runs.map(({ batchId }) => batchId ?? ''),
  ]);
}

const insertion = `
  WITH run AS (
    SELECT *, nullif(sync, '')::uuid AS sync_id FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::int[], $7::int[], $8::int[], $9::text[], $10::text[], $11::text[])
      AS r (id, operation_id, kind, connection_id, version_id, input_at, sync, run_kind, batch)
  ), opened AS (
    INSERT INTO execution (id, environment_id, kind, status, sync_id, connection_id, script_version_id, operation_id, run_kind, batch_id, input, last_sync_date, created_at)
    SELECT r.id, $1, r.kind, 'queued', r.sync_id, r.connection_id, r.version_id, r.operation_id, nullif(r.run_kind, ''), nullif(r.batch, '')::uuid,
      ($2::text[])[nullif(r.input_at, 0)], (SELECT y.last_sync_date FROM sync y WHERE y.id = r.sync_id AND y.environment_id = $1), clock_timestamp()
    FROM run r
  )
  INSERT INTO operation (id, environment_id, kind, title, status, integration, connection_id, script, execution_id, started_at)
  SELECT r.operation_id, $1, r.kind, s.name, 'running', i.unique_key, c.connection_id, s.name, r.id, clock_timestamp()
  FROM run r
  JOIN script_version v ON v.id = r.version_id AND v.environment_id = $1
  JOIN script s ON s.id = v.script_id
  JOIN connection c ON c.id = r.connection_id AND c.environment_id = $1
  JOIN integration i ON i.id = c.integration_id`;
