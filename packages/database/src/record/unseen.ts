import type { Queryable } from '../pool.js';
import { areRivals, claimAgain, isProven, isTheirs, lockSearch, releaseLost, rivals } from './claims.js';
import { type LockedModel, lockModel } from './model-row.js';
import type { ModelKey } from './requests.js';

/** What the bitmap of `owner` has not seen, `syncId` is who looks. Rows changed after `since` are nobody's to delete. */
export type Unseen = ModelKey & { owner: string; since: number; syncId: string | null };

// Living rows that were there when tracking began, were changed by nobody since, and are not in the bitmap. The offset keeps it from
// becoming a join, which a young table without statistics has go through all chunks for each row.
const unseen = `r.connection_id = $1 and - r.model_id = - $2::int and r.environment_id = $3 and r.sequence <= $5::bigint and r.deleted_at is null
    and not exists (
      select from record_seen s where s.owner_id = $4::uuid and s.model_id = $2 and s.chunk = r.row_number / 4096 and s.environment_id = $3
        and get_bit(s.bits, r.row_number % 4096) = 1 offset 0
    )`;

/** How many of a sync's rows are missing, and of how many that were there before `startedAt` and still live. What only others have saved is not its own. */
export async function countUnseen(client: Queryable, request: Unseen & { startedAt: string }): Promise<{ missing: number; existing: number }> {
  const { rows } = await client.query<{ missing: number; existing: number }>(
    `with ${rivals} select (select count(*) from record r where ${unseen} and not ${isTheirs})::int as missing, (
       select count(*) from record r where connection_id = $1 and - model_id = - $2::int and environment_id = $3 and deleted_at is null
         and first_seen_at < $7::timestamptz and not ${isTheirs}
     )::int as existing`,
    [...values(request), request.startedAt],
  );
  return rows[0] ?? { missing: 0, existing: 0 };
}

/** A deletion done: the ids that are gone, and the sequences that their deletions may have. */
export type Deleted = { ids: string[]; firstSequence: number; lastSequence: number };

/**
 * Deletes what a bitmap has not seen and nobody else claims, under the model's lock, which writers wait for until the caller's
 * transaction ends. The sync's own claims on all that it has not seen end.
 */
export async function deleteUnseen(client: Queryable, request: Unseen, locked: LockedModel): Promise<Deleted> {
  await lockSearch(client, request);
  // Row numbers are distinct, so they serve to tell the new sequences apart; the gaps they leave cost nothing.
  const { rows } = await client.query<{ id: string }>(
    // Looked for once more only where others save the model, too: what they would find missing themselves stays, but not this sync's claim.
    `with ${rivals}, gone as (
       update record r set deleted_at = $7, changed_at = $7, sequence = $8 + r.row_number + 1
       where ${unseen} and not ${isTheirs} and not ${isProven} returning external_id, row_number
     ), lost as (
       select row_number from gone union all
       select r.row_number from record r where ${areRivals} and ${unseen} and ${isProven}
     ), released as (${releaseLost})
     select external_id as id from gone`,
    [...values(request), locked.changedAt, locked.sequence],
  );
  if (rows.length > 0) await moveModel(client, request, locked, -rows.length);
  return { ids: rows.map(({ id }) => id), firstSequence: locked.sequence + 1, lastSequence: locked.sequence + locked.nextRow };
}

/** Brings back what a deletion took and nobody has changed since, as records that are there anew, and the sync's own again. Answers how many. */
export async function reviveDeleted(
  client: Queryable,
  key: ModelKey & { syncId: string | null },
  range: { firstSequence: number; lastSequence: number },
): Promise<number> {
  const locked = await lockModel(client, key.environmentId, key.modelId);
  if (!locked) return 0;
  const { rows } = await client.query<{ rowNumber: number }>(
    `update record r set deleted_at = null, first_seen_at = $6, changed_at = $6, sequence = $7 + r.row_number + 1
     where connection_id = $1 and - model_id = - $2::int and environment_id = $3 and sequence between $4 and $5 and deleted_at is not null
     returning row_number as "rowNumber"`,
    [key.connectionId, key.modelId, key.environmentId, range.firstSequence, range.lastSequence, locked.changedAt, locked.sequence],
  );
  if (rows.length === 0) return 0;
  await moveModel(client, key, locked, rows.length);
  if (key.syncId !== null) await claimAgain(client, { ...key, syncId: key.syncId, rowNumbers: rows.map(({ rowNumber }) => rowNumber) });
  return rows.length;
}

async function moveModel(client: Queryable, { modelId, environmentId }: ModelKey, locked: LockedModel, growth: number): Promise<void> {
  await client.query(
    `update record_model set version = version + 1, sequence = sequence + next_row, living = living + $3, changed_at = $4 where id = $1 and environment_id = $2`,
    [modelId, environmentId, growth, locked.changedAt],
  );
}

function values({ connectionId, modelId, environmentId, owner, since, syncId }: Unseen): unknown[] {
  return [connectionId, modelId, environmentId, owner, since, syncId];
}
