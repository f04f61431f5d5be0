import type { Queryable } from '../pool.js';
import type { ModelKey } from './requests.js';

/** A model as upkeep looks at it. */
export type UpkeepModel = ModelKey & { model: string };

/** Models in the order of their ids, over all environments: upkeep is nobody's request. */
export async function pageOfModels(client: Queryable, after: number, limit: number): Promise<UpkeepModel[]> {
  const { rows } = await client.query<UpkeepModel>(
    `select id as "modelId", environment_id as "environmentId", connection_id as "connectionId", model from record_model where id > $1 order by id limit $2`,
    [after, limit],
  );
  return rows;
}

/** Whether no run has ended and nothing has changed since a moment, though there are records. */
export async function isForgotten(client: Queryable, { modelId, environmentId, connectionId }: ModelKey, since: Date): Promise<boolean> {
  const { rowCount } = await client.query(
    `select 1 from record_model m where id = $1 and environment_id = $2 and greatest(last_run_at, changed_at) < $4
       and exists (select from record r where r.connection_id = $3 and - r.model_id = - $1::int and r.environment_id = $2)`,
    [modelId, environmentId, connectionId, since],
  );
  return rowCount === 1;
}

/** Drops bitmaps whose owner is gone: an execution that has ended, a tracking or a held deletion that is over. */
export async function dropOrphanedSeen(client: Queryable): Promise<void> {
  await client.query(
    `delete from record_seen s where not exists (select from execution e where e.id = s.owner_id and e.status in ('queued', 'running', 'parked'))
       and not exists (select from record_tracking t where t.id = s.owner_id)
       and not exists (select from record_deletion d where d.id = s.owner_id and d.state = 'held')`,
  );
}

/** Drops claims of syncs that are gone. They count for nothing already. */
export async function dropOrphanedClaims(client: Queryable): Promise<void> {
  await client.query(`delete from record_claim c where not exists (select from sync y where y.id = c.sync_id and y.deleted_at is null)`);
}
