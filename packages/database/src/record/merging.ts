import type { Queryable } from '../pool.js';
import type { RecordScope } from './requests.js';

/** How an execution's saves treat what others change meanwhile: they win, or they leave it alone. */
export type MergingStrategy = 'override' | 'ignore_if_modified_after';

/** From where on, along the change sequence, other writers' changes win. `own` are the execution's, as a multirange's text. */
export type Merging = { since: number; own: string };

/** Sets the strategy for one model and execution; "after" is from now on. In the caller's transaction. */
export async function setMerging(
  client: Queryable,
  { modelId, executionId, environmentId, strategy }: { modelId: number; executionId: string; environmentId: number; strategy: MergingStrategy },
): Promise<void> {
  if (strategy === 'override') {
    await client.query('delete from record_merging where execution_id = $1 and model_id = $2 and environment_id = $3', [executionId, modelId, environmentId]);
    return;
  }
  // Another version, so that saves which are compared from memory are looked up again: memory knows nothing of who wrote what.
  await client.query('update record_model set version = version + 1 where id = $1 and environment_id = $2', [modelId, environmentId]);
  await client.query(
    `insert into record_merging (execution_id, model_id, environment_id, since)
     select e.id, m.id, m.environment_id, m.sequence from record_model m join execution e on e.id = $1 and e.environment_id = m.environment_id
     where m.id = $2 and m.environment_id = $3
     on conflict (execution_id, model_id) do update set since = excluded.since, own = '{}'`,
    [executionId, modelId, environmentId],
  );
}

/** Notes sequences as the execution's own, so that it may change again what it has changed itself. */
export async function noteOwn(
  client: Queryable,
  { environmentId, executionId }: RecordScope & { executionId?: string | undefined },
  { modelId, first, count }: { modelId: number; first: number; count: number },
): Promise<void> {
  await client.query(
    `update record_merging set own = own + int8multirange(int8range($4::bigint, $4::bigint + $5::int))
     where execution_id = $1 and model_id = $2 and environment_id = $3`,
    [executionId, modelId, environmentId, first, count],
  );
}
