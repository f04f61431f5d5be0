import type { Queryable } from '../pool.js';
import { numberArray, textArray } from './array-text.js';
import type { Change } from './compare.js';
import type { LockedModel } from './model-row.js';
import type { Plan } from './plan.js';
import { releaseBlocks } from './release-blocks.js';
import type { RecordScope } from './requests.js';

/** Where a plan is written: one model, under its lock. */
export type Writing = { client: Queryable; scope: RecordScope; modelId: number; locked: LockedModel; plan: Plan };

type Insert = Extract<Change, { kind: 'insert' }>;
type Restoration = Extract<Change, { kind: 'restore' }>;
type Alteration = Exclude<Change, Insert | Restoration>;

/** Writes a plan's rows and blocks, handing out change sequences in the batch's order. Answers the row numbers of new rows. */
export async function writePlan(writing: Writing): Promise<number[]> {
  const { locked, plan } = writing;
  const changes = plan.comparison.changes.filter((change) => change.kind !== 'restore');
  const restorations = plan.comparison.changes.filter((change) => change.kind === 'restore');
  const sequences = new Map<Change, number>(changes.map((change, index) => [change, locked.sequence + 1 + index]));
  const inserts = changes.filter((change) => change.kind === 'insert');
  const alterations = changes.filter((change) => change.kind !== 'insert');
  await insertBlocks(writing);
  await insertRows(writing, inserts, sequences);
  const left = await alterRows(writing, alterations, sequences);
  await restoreRows(writing, restorations);
  await releaseBlocks(writing.client, { ...writing.scope, modelId: writing.modelId }, left);
  await advanceModel(writing, { inserted: inserts.length, changed: changes.length });
  return inserts.map((_, index) => locked.nextRow + index);
}

async function insertBlocks({ client, scope, modelId, locked, plan }: Writing): Promise<void> {
  if (plan.blocks.length === 0) return;
  await client.query(
    `insert into record_block (model_id, block, environment_id, living, slots, data)
     select $1, $2 + ordinal - 1, $3, living, living, data from unnest($4::int[], $5::bytea[]) with ordinality as fresh (living, data, ordinal)`,
    [modelId, locked.nextBlock, scope.environmentId, numberArray(plan.blocks.map((block) => block.living)), plan.blocks.map((block) => block.data)],
  );
}

async function insertRows({ client, scope, modelId, locked, plan }: Writing, inserts: Insert[], sequences: Map<Change, number>): Promise<void> {
  if (inserts.length === 0) return;
  const places = inserts.map((change) => plan.places.get(change));
  await client.query(
    `insert into record (connection_id, model_id, environment_id, row_number, sequence, first_seen_at, changed_at, deleted_at, block, slot, external_id, hash)
     select $1, $2, $3, $4 + ordinal - 1, sequence, $5, $5, case when dead = 1 then coalesce(deleted_at, $5) end, $6 + block, slot, external_id,
       substring($13::bytea from ordinal::int * 16 - 15 for 16)
     from unnest($7::bigint[], $8::int[], $9::timestamptz[], $10::int[], $11::smallint[], $12::text[])
       with ordinality as fresh (sequence, dead, deleted_at, block, slot, external_id, ordinal)`,
    [
      scope.connectionId,
      modelId,
      scope.environmentId,
      locked.nextRow,
      locked.changedAt,
      locked.nextBlock,
      numberArray(inserts.map((change) => sequences.get(change))),
      numberArray(inserts.map((change) => Number(change.dead))),
      textArray(inserts.map((change) => change.deletedAt)),
      numberArray(places.map((place) => place?.block)),
      numberArray(places.map((place) => place?.slot)),
      textArray(inserts.map((change) => change.externalId)),
      hashBytesOf(inserts),
    ],
  );
}

// An upsert that always finds its row: it looks it up by the primary key, where a plain update may scan a table without statistics.
// Answers the blocks that rows have left.
async function alterRows({ client, scope, modelId, locked, plan }: Writing, alterations: Alteration[], sequences: Map<Change, number>): Promise<number[]> {
  if (alterations.length === 0) return [];
  const places = alterations.map((change) => plan.places.get(change));
  const { rows } = await client.query<{ left: number; taken: number }>(
    `insert into record as r (connection_id, model_id, environment_id, row_number, sequence, first_seen_at, changed_at, deleted_at, block, slot, external_id, hash)
     select $1, $2, $3, -1, sequence, case kind when 'revive' then $4::timestamptz else 'infinity' end, $4::timestamptz,
       case kind when 'delete' then coalesce(deleted_at, $4::timestamptz) end, coalesce($5::int + block, -1), coalesce(slot, -1), external_id,
       substring($12::bytea from ordinal::int * 16 - 15 for 16)
     from unnest($6::bigint[], $7::text[], $8::timestamptz[], $9::int[], $10::smallint[], $11::text[])
       with ordinality as altered (sequence, kind, deleted_at, block, slot, external_id, ordinal)
     on conflict (model_id, external_id, connection_id) do update set
       sequence = excluded.sequence, changed_at = excluded.changed_at, deleted_at = excluded.deleted_at, hash = excluded.hash,
       first_seen_at = case when isfinite(excluded.first_seen_at) then excluded.first_seen_at else r.first_seen_at end,
       block = case excluded.block when -1 then r.block else excluded.block end, slot = case excluded.slot when -1 then r.slot else excluded.slot end,
       pruned_at = case excluded.block when -1 then r.pruned_at end, restored_at = case excluded.block when -1 then r.restored_at end
     where r.environment_id = excluded.environment_id
     returning old.block as "left", new.block as taken`,
    [
      scope.connectionId,
      modelId,
      scope.environmentId,
      locked.changedAt,
      locked.nextBlock,
      numberArray(alterations.map((change) => sequences.get(change))),
      textArray(alterations.map((change) => change.kind)),
      textArray(alterations.map((change) => (change.kind === 'delete' ? change.deletedAt : null))),
      numberArray(places.map((place) => place?.block)),
      numberArray(places.map((place) => place?.slot)),
      textArray(alterations.map((change) => change.row.externalId)),
      hashBytesOf(alterations),
    ],
  );
  return rows.filter(({ left, taken }) => left !== taken && left >= 0).map(({ left }) => left);
}

/** The hashes side by side: one value is sent and read far faster than an array of them. */
function hashBytesOf(changes: (Insert | Alteration)[]): Buffer {
  return Buffer.from(changes.map((change) => (change.kind === 'delete' ? change.row.hash : change.hash)).join(''), 'latin1');
}

/** Payloads that pruning had taken, back in their rows. Nothing has changed for readers, so neither sequence nor time moves. */
async function restoreRows({ client, scope, modelId, locked, plan }: Writing, restorations: Restoration[]): Promise<void> {
  if (restorations.length === 0) return;
  const places = restorations.map((change) => plan.places.get(change));
  await client.query(
    `update record r set block = $4 + fresh.block, slot = fresh.slot, pruned_at = null, restored_at = $5
     from unnest($6::text[], $7::int[], $8::smallint[]) as fresh (external_id, block, slot)
     where r.connection_id = $1 and r.model_id = $2 and r.environment_id = $3 and r.external_id = fresh.external_id`,
    [
      scope.connectionId,
      modelId,
      scope.environmentId,
      locked.nextBlock,
      locked.changedAt,
      restorations.map((change) => change.row.externalId),
      places.map((place) => place?.block),
      places.map((place) => place?.slot),
    ],
  );
}

async function advanceModel({ client, scope, modelId, locked, plan }: Writing, { inserted, changed }: { inserted: number; changed: number }): Promise<void> {
  await client.query(
    `update record_model set version = version + 1, sequence = sequence + $3, changed_at = $4, next_row = next_row + $5,
       next_block = next_block + $6, living = living + $7
     where id = $1 and environment_id = $2`,
    [modelId, scope.environmentId, changed, locked.changedAt, inserted, plan.blocks.length, plan.growth],
  );
}
