import type { Database } from 'database';
import { channels } from 'model';

/** What is needed of a database or of a transaction on it. */
export type SqlClient = Pick<Database, '$queryRaw' | '$executeRaw'>;

/** Which rows: those of one connection (it is new), of one script (it was deployed), or of all. */
export type SyncRowScope = { environmentId: number; connectionId?: number; scriptId?: number };

/**
 * Makes the missing sync rows of living connections and deployed sync scripts, started or paused as `auto_start` says,
 * and tells the orchestrator when the transaction commits. Returns the ids of the rows that were made.
 * Rows that are there already stay as they are; one that was being deleted is taken up again from the start.
 */
export async function createSyncRows(tx: SqlClient, { environmentId, connectionId, scriptId }: SyncRowScope): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    insert into sync (environment_id, connection_id, script_id, state)
    select c.environment_id, c.id, s.id, case when v.auto_start then 'started' else 'paused' end
    from script s
    join script_version v on v.id = s.active_version_id
    join connection c on c.integration_id = s.integration_id and c.environment_id = s.environment_id and c.deleted_at is null
    where s.environment_id = ${environmentId} and s.type = 'sync'
      and (${connectionId ?? null}::int is null or c.id = ${connectionId ?? null}::int)
      and (${scriptId ?? null}::int is null or s.id = ${scriptId ?? null}::int)
    on conflict (connection_id, script_id, variant) do update
      set state = excluded.state, deleted_at = null, last_sync_date = null, run_options = null,
          trigger_request = case when excluded.state = 'started' then '{}'::jsonb end,
          schedule_revision = sync.schedule_revision + 1
      where sync.state = 'deleted'
    returning id::text`;
  const ids = rows.map((row) => row.id);
  await tx.$executeRaw`
    delete from checkpoint k using sync y where y.id = any(${ids}::uuid[]) and y.environment_id = ${environmentId}
      and k.connection_id = y.connection_id and k.script_id = y.script_id and k.variant = y.variant`;
  await notifySyncs(tx, ids);
  return ids;
}

/** Marks the syncs of a connection or of a script as deleted; the orchestrator removes schedule, records and row. */
export async function deleteSyncRows(tx: SqlClient, { environmentId, connectionId, scriptId }: SyncRowScope): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    update sync set state = 'deleted', deleted_at = now(), trigger_request = null, schedule_revision = schedule_revision + 1
    where environment_id = ${environmentId} and state <> 'deleted'
      and (${connectionId ?? null}::int is null or connection_id = ${connectionId ?? null}::int)
      and (${scriptId ?? null}::int is null or script_id = ${scriptId ?? null}::int)
    returning id::text`;
  const ids = rows.map((row) => row.id);
  await notifySyncs(tx, ids);
  return ids;
}

/** Tells the orchestrator, once the transaction commits, that these syncs' rows ask for something. */
export async function notifySyncs(tx: SqlClient, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`select pg_notify(${channels.syncSchedule}, id) from unnest(${ids}::text[]) as id`;
}
