import type { RecordCounts } from 'model';
import type { Queryable } from '../pool.js';

/** Adds to what an execution has changed of a model. */
export async function addCounts(
  client: Queryable,
  { executionId, environmentId, model, counts }: { executionId: string; environmentId: number; model: string; counts: RecordCounts },
): Promise<void> {
  if (counts.added + counts.updated + counts.deleted === 0) return;
  await client.query(
    `insert into execution_count (execution_id, environment_id, model, added, updated, deleted) values ($1, $2, $3, $4, $5, $6)
     on conflict (execution_id, model) do update set added = execution_count.added + excluded.added,
       updated = execution_count.updated + excluded.updated, deleted = execution_count.deleted + excluded.deleted`,
    [executionId, environmentId, model, counts.added, counts.updated, counts.deleted],
  );
}

/** Living records per model of a connection. */
export async function livingCounts(client: Queryable, environmentId: number, connectionId: number): Promise<Record<string, number>> {
  const { rows } = await client.query<{ model: string; living: number }>(
    'select model, living from record_model where environment_id = $1 and connection_id = $2 order by model',
    [environmentId, connectionId],
  );
  return Object.fromEntries(rows.map(({ model, living }) => [model, living]));
}
