import type { Queryable, Sealer } from 'database';
import type { AppError } from 'model';
import { decodeError } from '../recorded-error.js';
import type { Caller } from './require-generation.js';
import { insertChunks, openResult, type ResultRow, type SealedResult } from './sealed-result.js';
import type { SealedPiece } from './tape-pieces.js';

/** What a call came to: bytes, or the error that the script was told. */
export type Outcome = { kind: 'done'; value: Uint8Array } | { kind: 'failed'; error: AppError };

/** An entry's row. `lapsed` is null where nobody holds a lease. */
export type EntryRow = ResultRow & { state: 'intent' | 'done' | 'failed'; leaseToken: string | null; lapsed: boolean | null; retriesUsed: number };

type Key = Pick<Caller, 'executionId' | 'environmentId'>;

export async function findEntry(client: Queryable, { executionId, environmentId }: Key, call: string): Promise<EntryRow | undefined> {
  const { rows } = await client.query<EntryRow>({
    name: 'journal_entry',
    text: `SELECT state, result, chunks, lease_token AS "leaseToken", lease_until < clock_timestamp() AS lapsed, retries_used AS "retriesUsed"
      FROM journal_entry WHERE execution_id = $1 AND call = $2 AND environment_id = $3 AND state <> 'tape'`,
    values: [executionId, call, environmentId],
  });
  return rows[0];
}

/** What an entry says its call came to; null for an intent. */
export async function outcomeOf(client: Queryable, sealer: Sealer, key: Key & { call: string }, row: EntryRow): Promise<Outcome | null> {
  if (row.state === 'intent') return null;
  const value = await openResult(client, sealer, key, row);
  return row.state === 'done' ? { kind: 'done', value } : { kind: 'failed', error: decodeError(value) };
}

/** Writes a call with its result, in the transaction of its effect. */
export async function insertEntry(
  client: Queryable,
  { executionId, environmentId, generation }: Caller,
  entry: { call: string; state: 'done' | 'failed'; result: SealedResult; piece: SealedPiece },
): Promise<void> {
  const { call, state, result, piece } = entry;
  await client.query(
    `INSERT INTO journal_entry (execution_id, call, environment_id, generation, state, result, chunks, tape_from, tape) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [executionId, call, environmentId, generation, state, result.first, result.more.length, piece.from, piece.sealed],
  );
  await insertChunks(client, { executionId, environmentId, call }, result);
}
