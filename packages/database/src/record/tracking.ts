import type { Queryable } from '../pool.js';
import type { ModelKey, TrackedScope } from './requests.js';

/** A search for what is gone. `since` is the model's sequence when it began, `startedAt` a timestamp's text. */
export type Tracking = { id: string; since: number; startedAt: string };

/** Begins a search, or goes on with the one that an earlier execution has begun: `resumed`. */
export async function startTracking(client: Queryable, syncId: string, key: ModelKey): Promise<{ resumed: boolean }> {
  const { rowCount } = await client.query(
    `insert into record_tracking (environment_id, sync_id, model_id, since)
     select m.environment_id, $1, m.id, m.sequence from record_model m where m.id = $2 and m.environment_id = $3 on conflict (sync_id, model_id) do nothing`,
    [syncId, key.modelId, key.environmentId],
  );
  return { resumed: rowCount === 0 };
}

/** The search that goes on, its row locked. */
export async function findTracking(client: Queryable, { syncId, environmentId }: TrackedScope, modelId: number): Promise<Tracking | undefined> {
  const { rows } = await client.query<Tracking>(
    `select id, since, started_at::text as "startedAt" from record_tracking where sync_id = $1 and model_id = $2 and environment_id = $3 for update`,
    [syncId, modelId, environmentId],
  );
  return rows[0];
}

/** Ends a search; its bitmap is the caller's to move or to drop. */
export async function dropTracking(client: Queryable, { id }: Tracking, environmentId: number): Promise<void> {
  await client.query('delete from record_tracking where id = $1 and environment_id = $2', [id, environmentId]);
}

/** Whether an execution of the sync has gone on after an error since a moment: then nobody knows what it should have seen. */
export async function hasSwallowed(client: Queryable, { syncId, environmentId }: TrackedScope, startedAt: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `select 1 from execution where sync_id = $1 and environment_id = $2 and swallowed_error and coalesce(finished_at, 'infinity') >= $3::timestamptz limit 1`,
    [syncId, environmentId, startedAt],
  );
  return rowCount !== 0;
}
