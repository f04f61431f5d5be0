import { Inject, Injectable } from '@nestjs/common';
import { changeSyncs, type Pool, POOL, type PoolClient, transaction } from 'database';
import { channels, type SyncName } from 'model';

/** The connection that a variant is for. */
export type VariantPlace = { environmentId: number; integrationId: number; connectionId: number };

/** What came of making a variant. */
export type Creation = { kind: 'made'; id: string } | { kind: 'unknown' | 'exists' } | { kind: 'capped'; limit: number };

const mostSyncs = 100;

@Injectable()
export class SyncVariantRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** A row beside the base's, started or paused as the script says. One that is being deleted is taken up again from the start. */
  create(place: VariantPlace, { name, variant }: SyncName): Promise<Creation> {
    const { environmentId, connectionId } = place;
    return transaction(this.pool, async (client): Promise<Creation> => {
      // Counted and made under the connection's lock, so that two callers do not pass the limit together.
      await client.query(`select from connection where id = $1 and environment_id = $2 for update`, [connectionId, environmentId]);
      const script = await findScript(client, place, name);
      if (!script) return { kind: 'unknown' };
      if ((await countSyncs(client, place)) >= mostSyncs) return { kind: 'capped', limit: mostSyncs };
      const { rows } = await client.query<{ id: string }>(
        `insert into sync (environment_id, connection_id, script_id, variant, state) values ($1, $2, $3, $4, $5)
         on conflict (connection_id, script_id, variant) do update
           set state = excluded.state, deleted_at = null, last_sync_date = null, run_options = null,
               trigger_request = case when excluded.state = 'started' then '{}'::jsonb end, schedule_revision = sync.schedule_revision + 1
           where sync.state = 'deleted'
         returning id::text`,
        [environmentId, connectionId, script.id, variant, script.autoStart ? 'started' : 'paused'],
      );
      const [made] = rows;
      if (!made) return { kind: 'exists' };
      await client.query(`delete from checkpoint where connection_id = $1 and script_id = $2 and variant = $3 and environment_id = $4`, [
        connectionId,
        script.id,
        variant,
        environmentId,
      ]);
      await client.query(`select pg_notify($1, $2)`, [channels.syncSchedule, made.id]);
      return { kind: 'made', id: made.id };
    });
  }

  /** Marks it as deleted; the orchestrator removes schedule, records and row. False when there is none. */
  async delete({ environmentId, integrationId, connectionId }: VariantPlace, { name, variant }: SyncName): Promise<boolean> {
    const { rows } = await this.pool.query<{ id: string }>(
      `select y.id::text from sync y join script s on s.id = y.script_id and s.environment_id = y.environment_id
       where y.environment_id = $1 and y.connection_id = $2 and s.integration_id = $3 and s.name = $4 and s.type = 'sync' and y.variant = $5 and y.state <> 'deleted'`,
      [environmentId, connectionId, integrationId, name, variant],
    );
    const [found] = rows;
    if (!found) return false;
    await changeSyncs(this.pool, environmentId, [found.id], { assignment: `state = 'deleted', deleted_at = now(), trigger_request = null` });
    return true;
  }
}

async function findScript(
  client: PoolClient,
  { environmentId, integrationId }: VariantPlace,
  name: string,
): Promise<{ id: number; autoStart: boolean } | undefined> {
  const { rows } = await client.query<{ id: number; autoStart: boolean }>(
    `select s.id, v.auto_start as "autoStart" from script s join script_version v on v.id = s.active_version_id
     where s.environment_id = $1 and s.integration_id = $2 and s.type = 'sync' and s.name = $3`,
    [environmentId, integrationId, name],
  );
  return rows[0];
}

async function countSyncs(client: PoolClient, { environmentId, connectionId }: VariantPlace): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from sync where environment_id = $1 and connection_id = $2 and state <> 'deleted'`,
    [environmentId, connectionId],
  );
  return rows[0]?.count ?? 0;
}
