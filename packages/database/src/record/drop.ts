import type { Queryable } from '../pool.js';
import { dropClaims } from './claims.js';
import { supersedeHeld } from './deletion-row.js';
import type { DropRequest } from './requests.js';

/** Empties caches for good. Sequences and row numbers go on where they were, so cursors and bitmaps never point at something else. */
export async function dropRecords(client: Queryable, { environmentId, connectionId, models }: DropRequest): Promise<void> {
  const { rows } = await client.query<{ id: number }>(
    `select id from record_model where environment_id = $1 and connection_id = $2 and ($3::text[] is null or model = any($3)) order by id for no key update`,
    [environmentId, connectionId, models ?? null],
  );
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  await client.query('delete from record where connection_id = $1 and environment_id = $2 and model_id = any($3)', [connectionId, environmentId, ids]);
  await client.query('delete from record_block where environment_id = $1 and model_id = any($2)', [environmentId, ids]);
  for (const modelId of ids) await dropClaims(client, { environmentId, modelId });
  // What waits for a decision is about records that are gone.
  for (const modelId of ids) await supersedeHeld(client, { environmentId, connectionId, modelId }, null);
  await client.query('update record_model set living = 0, version = version + 1 where environment_id = $1 and id = any($2)', [environmentId, ids]);
}
