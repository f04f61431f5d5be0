import type { Queryable, Sealer } from 'database';
import { pack, unpack } from '../packed.js';

/** What a journal entry's result, and each further part of it, is sealed for. */
export const resultPurpose = 'journal_entry.result';

/** A part that one row holds. */
const chunkBytes = 1_000_000;

/** A result as the tables keep it. `bytes` is what reading it back costs. */
export type SealedResult = { first: Uint8Array; more: Uint8Array[]; bytes: number };

/** Where a result lies: its columns in `journal_entry`. */
export type ResultRow = { result: Buffer | null; chunks: number };

type Key = { executionId: string; environmentId: number; call: string };

export async function sealResult(sealer: Sealer, environmentId: number, plain: Uint8Array): Promise<SealedResult> {
  const packed = await pack(plain);
  const parts = Array.from({ length: Math.max(1, Math.ceil(packed.byteLength / chunkBytes)) }, (_, index) =>
    packed.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  const [first = new Uint8Array(), ...more] = await Promise.all(parts.map((part) => sealer.seal(environmentId, resultPurpose, part)));
  return { first, more, bytes: packed.byteLength };
}

/** Writes the further parts of a result, in the transaction that writes the first. */
export async function insertChunks(client: Queryable, { executionId, environmentId, call }: Key, { more }: SealedResult): Promise<void> {
  for (const [index, data] of more.entries()) {
    await client.query(`INSERT INTO journal_chunk (execution_id, call, chunk, environment_id, data) VALUES ($1, $2, $3, $4, $5)`, [
      executionId,
      call,
      index + 1,
      environmentId,
      data,
    ]);
  }
}

/** A result, still packed. */
export async function openPacked(client: Queryable, sealer: Sealer, key: Key, { result, chunks }: ResultRow): Promise<Uint8Array> {
  if (!result) return new Uint8Array();
  const first = await sealer.open(key.environmentId, resultPurpose, result);
  if (chunks === 0) return first;
  const { rows } = await client.query<{ data: Buffer }>(
    `SELECT data FROM journal_chunk WHERE execution_id = $1 AND call = $2 AND environment_id = $3 ORDER BY chunk`,
    [key.executionId, key.call, key.environmentId],
  );
  if (rows.length !== chunks) throw new Error('parts of a journal entry are missing');
  return Buffer.concat([first, ...(await Promise.all(rows.map(({ data }) => sealer.open(key.environmentId, resultPurpose, data))))]);
}

export async function openResult(client: Queryable, sealer: Sealer, key: Key, row: ResultRow): Promise<Uint8Array> {
  return unpack(await openPacked(client, sealer, key, row));
}
