import type { Queryable } from '../pool.js';

// The statements here share their parameters with those of unseen.ts: $2 model, $3 environment, $6 the sync that looks.

/** Other living syncs that claim rows of the model: mostly none, and then no row is looked up. */
export const rivals = `rivals as materialized (
    select coalesce(array_agg(distinct c.sync_id), '{}') as ids from record_claim c
    join sync y on y.id = c.sync_id and y.environment_id = c.environment_id and y.deleted_at is null
    where c.model_id = $2 and c.environment_id = $3 and c.sync_id is distinct from $6::uuid
  )`;

/** Whether there are any. */
export const areRivals = `(select cardinality(ids) > 0 from rivals)`;

/**
 * Whether a row `r` is claimed by others and not by this sync. One that never looks for what is gone claims for ever, so what
 * this one has saved too is this one's to judge.
 */
export const isTheirs = `(${areRivals} and ${claimed('c.sync_id = any((select ids from rivals)::uuid[])')} and not ${claimed('c.sync_id = $6::uuid')})`;

/** Whether a row `r` is claimed by others that would themselves find it missing. */
export const isProven = `(${areRivals} and ${claimed('c.tracked and c.sync_id = any((select ids from rivals)::uuid[])')})`;

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

/** Takes the sync's claims in the order in which saves take them, so that neither waits for the other in turn. */
export async function lockClaims(client: Queryable, claims: { modelId: number; environmentId: number; syncId: string | null }): Promise<void> {
  await client.query(`select from record_claim where model_id = $1 and environment_id = $2 and sync_id = $3::uuid order by chunk for update`, [
    claims.modelId,
    claims.environmentId,
    claims.syncId,
  ]);
}
