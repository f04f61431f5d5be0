import type { Queryable } from '../pool.js';

/** Rows per chunk of a bitmap: 512 bytes, small enough to stay in its row and to be rewritten with each save. */
const chunkRows = 4096;

/** One chunk: its number and its bits as Postgres reads them (`x` and hex digits, first row first). */
export type SeenChunk = { chunk: number; bits: string };

/** The bitmap of some row numbers, chunk by chunk. */
export function seenChunks(rowNumbers: number[]): SeenChunk[] {
  const chunks = new Map<number, Buffer>();
  for (const row of rowNumbers) {
    const chunk = Math.floor(row / chunkRows);
    const bits = chunks.get(chunk) ?? Buffer.alloc(chunkRows / 8);
    chunks.set(chunk, bits);
    const bit = row % chunkRows;
    bits[bit >> 3]! |= 0x80 >> (bit & 7); // bit is below chunkRows
  }
  return [...chunks].map(([chunk, bits]) => ({ chunk, bits: `x${bits.toString('hex')}` })).toSorted((a, b) => a.chunk - b.chunk);
}

/** Rows met by a run: for the execution's own bitmap when it has one, for the tracking of its sync when one goes on, and for its sync's claims. */
export type Seen = { executionId: string | null; syncId: string | null; modelId: number; environmentId: number; rowNumbers: number[] };

/** Adds rows to what an execution, or the tracking of its sync, has seen of a model, and to what the sync claims. */
export async function markSeen(client: Queryable, { executionId, syncId, modelId, environmentId, rowNumbers }: Seen): Promise<void> {
  if (rowNumbers.length === 0 || (executionId === null && syncId === null)) return;
  const chunks = seenChunks(rowNumbers);
  // Chunks are locked in one order by everybody: scripts save beside each other. A claim that stands already is not written again.
  await client.query({
    name: 'record_seen_mark',
    text: `with fresh as materialized (select chunk, bits from unnest($5::int[], $6::bit(4096)[]) as fresh (chunk, bits)),
     tracking as materialized (select id from record_tracking where sync_id = $2::uuid and model_id = $3 and environment_id = $4),
     claimed as (
       insert into record_claim as c (model_id, sync_id, chunk, environment_id, tracked, bits)
       select $3, $2::uuid, chunk, $4, $1::uuid is not null or exists (select from tracking), bits from fresh where $2::uuid is not null order by chunk
       on conflict (model_id, chunk, sync_id) do update set bits = c.bits | excluded.bits, tracked = c.tracked or excluded.tracked
       where (c.bits & excluded.bits) <> excluded.bits or (excluded.tracked and not c.tracked)
     )
     insert into record_seen (owner_id, model_id, environment_id, chunk, bits)
     select owner.id, $3, $4, chunk, bits from fresh cross join (
       select $1::uuid as id where $1::uuid is not null union all select id from tracking
     ) as owner order by chunk, owner.id
     on conflict (owner_id, model_id, chunk) do update set bits = record_seen.bits | excluded.bits`,
    values: [executionId, syncId, modelId, environmentId, chunks.map(({ chunk }) => chunk), chunks.map(({ bits }) => bits)],
  });
}

/**
 * Ends a bitmap of an execution. What it has seen is kept with the deletions that wait: a run may have met alive,
 * and unchanged, what an earlier one had missed.
 */
export async function releaseSeen(client: Queryable, { executionId, environmentId }: { executionId: string; environmentId: number }): Promise<void> {
  await client.query(
    `insert into record_seen (owner_id, model_id, environment_id, chunk, bits)
     select d.id, s.model_id, s.environment_id, s.chunk, s.bits from record_seen s
     join record_deletion d on d.model_id = s.model_id and d.environment_id = s.environment_id and d.state = 'held'
     where s.owner_id = $1 and s.environment_id = $2
     on conflict (owner_id, model_id, chunk) do update set bits = record_seen.bits | excluded.bits`,
    [executionId, environmentId],
  );
  await client.query('delete from record_seen where owner_id = $1 and environment_id = $2', [executionId, environmentId]);
}

/** Adds to the bitmap of a deletion that waits whatever anybody has noted of its model up to now. */
export async function gatherSeen(client: Queryable, deletion: { id: string; modelId: number; environmentId: number }): Promise<void> {
  await client.query(
    `insert into record_seen (owner_id, model_id, environment_id, chunk, bits)
     select $1, model_id, environment_id, chunk, bit_or(bits) from record_seen where model_id = $2 and environment_id = $3 group by model_id, environment_id, chunk
     on conflict (owner_id, model_id, chunk) do update set bits = record_seen.bits | excluded.bits`,
    [deletion.id, deletion.modelId, deletion.environmentId],
  );
}
