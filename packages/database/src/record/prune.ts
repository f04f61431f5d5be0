import type pg from 'pg';
import { type Queryable, transaction } from '../pool.js';
import { readCursor, writeCursor } from './cursor.js';
import { lockModel } from './model-row.js';
import { partitionOf } from './partition.js';
import { releaseBlocks } from './release-blocks.js';
import type { ModelKey, RecordScope } from './requests.js';

/** Up to which record to prune, at most how many at a time. */
export type PruneRequest = RecordScope & { untilCursor: string; limit: number };

/** What was pruned; there is more unless the cursor named has been reached. */
export type Pruned = { count: number; hasMore: boolean };

/**
 * Takes the payloads of the oldest changes, up to a record; id, hash and state stay, and readers' cursors with them.
 * @throws AppError `invalid_cursor`
 */
export async function pruneUntil(pool: pg.Pool, { untilCursor, limit, ...scope }: PruneRequest): Promise<Pruned> {
  const cursor = readCursor(untilCursor);
  const { rows } = await pool.query<{ id: number }>('select id from record_model where connection_id = $1 and model = $2 and environment_id = $3', [
    scope.connectionId,
    scope.model,
    scope.environmentId,
  ]);
  const modelId = rows[0]?.id;
  // A cursor of a cache that is gone names nothing in this one.
  if (modelId === undefined || cursor.modelId !== modelId) return { count: 0, hasMore: false };
  const pruned = await prune(pool, { ...scope, modelId }, { until: cursor.sequence, limit, untouchedSince: null });
  return { count: pruned.count, hasMore: pruned.count > 0 && writeCursor(modelId, pruned.last) !== untilCursor };
}

/** Takes the payloads of records that nothing has changed, or restored, since a moment; at most `limit`. Answers how many. */
export async function pruneOlder(pool: pg.Pool, key: ModelKey, { olderThan, limit }: { olderThan: Date; limit: number }): Promise<number> {
  const { rows } = await pool.query<{ until: number }>(
    'select record_sequence_before(connection_id, id, $3, sequence) as until from record_model where id = $1 and environment_id = $2',
    [key.modelId, key.environmentId, olderThan],
  );
  const until = rows[0]?.until ?? 0;
  return until === 0 ? 0 : (await prune(pool, key, { until, limit, untouchedSince: olderThan })).count;
}

type Extent = { until: number; limit: number; untouchedSince: Date | null };

function prune(pool: pg.Pool, key: ModelKey, extent: Extent): Promise<{ count: number; last: number }> {
  return transaction(pool, async (client) => {
    const locked = await lockModel(client, key.environmentId, key.modelId);
    if (!locked) return { count: 0, last: 0 };
    const rows = await takePayloads(client, key, extent, locked.changedAt);
    if (rows.length === 0) return { count: 0, last: 0 };
    await releaseBlocks(
      client,
      key,
      rows.map(({ left }) => left),
    );
    // Those who compare from memory must learn that these payloads are gone.
    await client.query('update record_model set version = version + 1 where id = $1 and environment_id = $2', [key.modelId, key.environmentId]);
    return { count: rows.length, last: Math.max(...rows.map(({ sequence }) => sequence)) };
  });
}

async function takePayloads(
  client: Queryable,
  { connectionId, modelId, environmentId }: ModelKey,
  { until, limit, untouchedSince }: Extent,
  now: string,
): Promise<{ left: number; sequence: number }[]> {
  const partition = await partitionOf(client, connectionId);
  const { rows } = await client.query<{ left: number; sequence: number }>(
    `update record r set pruned_at = $4, block = -1, slot = -1 from (
       select external_id from ${partition} where connection_id = $1 and - model_id = - $2::int and environment_id = $3 and sequence <= $5 and pruned_at is null
         and ($7::timestamptz is null or coalesce(restored_at, changed_at) < $7) order by sequence limit $6
     ) as oldest
     where r.connection_id = $1 and r.model_id = $2 and r.environment_id = $3 and r.external_id = oldest.external_id
     returning old.block as "left", r.sequence`,
    [connectionId, modelId, environmentId, now, until, limit, untouchedSince],
  );
  return rows;
}
