import { AppError, type SyncName } from 'model';
import type { Queryable } from '../pool.js';

/** A sync as commands select it. */
export type SelectedSync = { id: string; name: string; variant: string; enabled: boolean };

/** The syncs of an integration, or of one of its connections. */
export type SyncPlace = { environmentId: number; integrationId: number; connectionId: number | null };

/**
 * Living syncs of deployed scripts; all of the place when none is named.
 * @throws AppError `unknown_sync` for a name that no script has
 */
export async function selectSyncs(client: Queryable, place: SyncPlace, named: SyncName[]): Promise<SelectedSync[]> {
  if (named.length > 0) await requireScripts(client, place, named);
  const { rows } = await client.query<SelectedSync>(
    `select y.id::text, s.name, y.variant, s.enabled from sync y
     join script s on s.id = y.script_id and s.environment_id = y.environment_id and s.integration_id = $2 and s.active_version_id is not null
     join connection c on c.id = y.connection_id and c.environment_id = y.environment_id and c.deleted_at is null
     where y.environment_id = $1 and y.state <> 'deleted' and ($3::int is null or c.id = $3)
     order by y.created_at, y.id`,
    [place.environmentId, place.integrationId, place.connectionId],
  );
  return named.length === 0 ? rows : rows.filter((sync) => named.some(({ name, variant }) => sync.name === name && sync.variant === variant));
}

async function requireScripts(client: Queryable, { environmentId, integrationId }: SyncPlace, named: SyncName[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select name from script where environment_id = $1 and integration_id = $2 and type = 'sync' and active_version_id is not null`,
    [environmentId, integrationId],
  );
  const unknown = named.find(({ name }) => !rows.some((script) => script.name === name));
  if (unknown) throw new AppError('unknown_sync', { message: `No sync '${unknown.name}' is deployed for this integration` });
}
