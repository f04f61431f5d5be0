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

/** Adds rows to what an execution has seen of a model. */
export async function markSeen(client: Queryable, seen: { executionId: string; modelId: number; environmentId: number; rowNumbers: number[] }): Promise<void> {
  if (seen.rowNumbers.length === 0) return;
  const chunks = seenChunks(seen.rowNumbers);
  await client.query(
    `insert into record_seen (execution_id, model_id, environment_id, chunk, bits)
     select $1, $2, $3, chunk, bits from unnest($4::int[], $5::bit(4096)[]) as fresh (chunk, bits)
     on conflict (execution_id, model_id, chunk) do update set bits = record_seen.bits | excluded.bits`,
    [seen.executionId, seen.modelId, seen.environmentId, chunks.map(({ chunk }) => chunk), chunks.map(({ bits }) => bits)],
  );
}
