import type { Queryable } from '../pool.js';
import { seenChunks } from './seen.js';

// The statements here share their parameters with those of unseen.ts: $2 model, $3 environment, $6 the sync that looks.

/**
 * Other living syncs that claim rows of the model, and those of them that look for what is gone: mostly none, and then no row is
 * looked up. One whose script has been deployed without looking has claims of before that nobody would ever end.
 */
export const rivals = `rivals as materialized (
    select coalesce(array_agg(c.sync_id), '{}') as ids,
      coalesce(array_agg(c.sync_id) filter (where c.tracked and (v.id is null or v.track_deletes and v.sync_type <> 'incremental'
        or b.code ~ 'trackDeletesStart|deleteRecordsFromPreviousExecutions')), '{}') as looking
    from (
      select sync_id, bool_or(tracked) as tracked from record_claim
      where model_id = $2 and environment_id = $3 and sync_id is distinct from $6::uuid group by sync_id
    ) as c
    join sync y on y.id = c.sync_id and y.environment_id = $3 and y.deleted_at is null
    left join script s on s.id = y.script_id and s.environment_id = $3
    left join script_version v on v.id = s.active_version_id and v.environment_id = $3
    left join bundle b on b.environment_id = $3 and b.hash = v.bundle_hash
  )`;

/** Whether there are any. */
export const areRivals = `(select cardinality(ids) > 0 from rivals)`;

/**
 * Whether a row `r` is claimed by others and not by this sync. One that never looks for what is gone claims for ever, so what
 * this one has saved too is this one's to judge.
 */
export const isTheirs = `(${areRivals} and ${claimed('c.sync_id = any((select ids from rivals)::uuid[])')} and not ${claimed('c.sync_id = $6::uuid')})`;

/** Whether a row `r` is claimed by others that would themselves find it missing. */
export const isProven = `(${areRivals} and ${claimed('c.sync_id = any((select looking from rivals)::uuid[])')})`;

// Without the offset it would become a join, which a young table without statistics has go through all chunks for each row.
function claimed(by: string): string {
  return `exists (
    select from record_claim c where c.model_id = $2 and c.chunk = r.row_number / 4096 and c.environment_id = $3 and ${by}
      and get_bit(c.bits, r.row_number % 4096) = 1 offset 0
  )`;
}

/** Ends the sync's claims on the rows of `lost`. */
export const releaseLost = `update record_claim c set bits = c.bits & ~ ended.bits from (
      select row_number / 4096 as chunk, bit_or(set_bit(0::bit(4096), row_number % 4096, 1)) as bits from lost group by 1
    ) as ended
    where c.model_id = $2 and c.environment_id = $3 and c.sync_id = $6::uuid and c.chunk = ended.chunk`;

type Claims = { modelId: number; environmentId: number };

/**
 * Takes what saves write of a search, in the order in which they do, so that neither waits for the other in turn: the bitmap of
 * `owner`, then the sync's claims.
 */
export async function lockSearch(
  client: Queryable,
  { modelId, environmentId, owner, syncId }: Claims & { owner: string; syncId: string | null },
): Promise<void> {
  const order = 'order by chunk for update';
  await client.query(`select from record_seen where owner_id = $1::uuid and model_id = $2 and environment_id = $3 ${order}`, [owner, modelId, environmentId]);
  await client.query(`select from record_claim where model_id = $1 and environment_id = $2 and sync_id = $3::uuid ${order}`, [modelId, environmentId, syncId]);
}

/** Ends all claims, taken in the order in which saves take them. */
export async function dropClaims(client: Queryable, { modelId, environmentId }: Claims): Promise<void> {
  await client.query('select from record_claim where model_id = $1 and environment_id = $2 order by chunk, sync_id for update', [modelId, environmentId]);
  await client.query('delete from record_claim where model_id = $1 and environment_id = $2', [modelId, environmentId]);
}

/** Ends the claims that others have on rows which a sync brings back: they were for a record that is gone. Under the model's lock. */
export async function endOthersClaims(
  client: Queryable,
  { modelId, environmentId, syncId, rowNumbers }: Claims & { syncId: string; rowNumbers: number[] },
): Promise<void> {
  if (rowNumbers.length === 0) return;
  const chunks = seenChunks(rowNumbers);
  await client.query(
    `with back as materialized (select chunk, bits from unnest($4::int[], $5::bit(4096)[]) as back (chunk, bits)), locked as materialized (
       select c.chunk, c.sync_id from record_claim c join back on back.chunk = c.chunk and (c.bits & back.bits) <> 0::bit(4096)
       where c.model_id = $1 and c.environment_id = $2 and c.sync_id <> $3::uuid order by c.chunk, c.sync_id for update of c
     )
     update record_claim c set bits = c.bits & ~ back.bits from locked join back on back.chunk = locked.chunk
     where c.model_id = $1 and c.environment_id = $2 and c.chunk = locked.chunk and c.sync_id = locked.sync_id`,
    [modelId, environmentId, syncId, chunks.map(({ chunk }) => chunk), chunks.map(({ bits }) => bits)],
  );
}

/** Lets a sync claim again what its deletion took and a hand has brought back. */
export async function claimAgain(
  client: Queryable,
  { modelId, environmentId, syncId, rowNumbers }: Claims & { syncId: string; rowNumbers: number[] },
): Promise<void> {
  const chunks = seenChunks(rowNumbers);
  await client.query(
    `insert into record_claim as c (model_id, sync_id, chunk, environment_id, tracked, bits)
     select $1, $3::uuid, chunk, $2, true, bits from unnest($4::int[], $5::bit(4096)[]) as fresh (chunk, bits) order by chunk
     on conflict (model_id, chunk, sync_id) do update set bits = c.bits | excluded.bits`,
    [modelId, environmentId, syncId, chunks.map(({ chunk }) => chunk), chunks.map(({ bits }) => bits)],
  );
}
