import type { Queryable } from '../pool.js';

// The statements here share their parameters with those of unseen.ts: $2 model, $3 environment, $6 the sync that looks.

const none = '0::bit(4096)';
const another = 'c.sync_id is distinct from $6::uuid';

/**
 * What other syncs claim, by chunk: `theirs`, which they have saved and this one has not; `proven`, which they have saved and
 * would themselves find missing. A sync that never looks for what is gone claims for ever, so what this one has saved too is
 * this one's to judge.
 */
export const others = `others as materialized (
    select c.chunk, coalesce(bit_or(c.bits) filter (where ${another}), ${none}) & ~ coalesce(bit_or(c.bits) filter (where not (${another})), ${none}) as theirs,
      coalesce(bit_or(c.bits) filter (where ${another} and c.tracked), ${none}) as proven
    from record_claim c join sync y on y.id = c.sync_id and y.environment_id = c.environment_id and y.deleted_at is null
    where c.model_id = $2 and c.environment_id = $3 group by c.chunk having bool_or(${another})
  )`;

/** Whether a row `r` is not among those. */
export function isNot(kind: 'theirs' | 'proven'): string {
  return `not exists (select from others o where o.chunk = r.row_number / 4096 and get_bit(o.${kind}, r.row_number % 4096) = 1)`;
}

/** Ends the sync's claims on the rows `r` of a condition. */
export function releaseWhere(condition: string): string {
  return `update record_claim c set bits = c.bits & ~ lost.bits from (
      select r.row_number / 4096 as chunk, bit_or(set_bit(${none}, r.row_number % 4096, 1)) as bits from record r where ${condition} group by 1
    ) as lost
    where c.model_id = $2 and c.environment_id = $3 and c.sync_id = $6::uuid and c.chunk = lost.chunk`;
}

/** Takes the sync's claims in the order in which saves take them, so that neither waits for the other in turn. */
export async function lockClaims(client: Queryable, claims: { modelId: number; environmentId: number; syncId: string | null }): Promise<void> {
  await client.query(`select from record_claim where model_id = $1 and environment_id = $2 and sync_id = $3::uuid order by chunk for update`, [
    claims.modelId,
    claims.environmentId,
    claims.syncId,
  ]);
}
