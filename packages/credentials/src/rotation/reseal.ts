import type { Pool } from 'database';
import { isAppError } from 'model';
import type { Vault } from '../vault/vault.js';
import { keyIdOf, type SealedColumn } from './sealed-columns.js';

/** What became of a batch. `missed` rows were locked or changed meanwhile, `unreadable` ones do not open; both are left as they are. */
export type Batch = { resealed: number; missed: number; unreadable: number; last: string[] | null };

type Value = string | Buffer;
type Row = { key: string[]; environment: number; sealed: Value };
type Fresh = { key: string[]; was: Value; now: Value | Uint8Array };

/** Seals the next rows of a column that are under one of the `superseded` keys with their environment's newest key. `last` is null at the column's end. */
export async function resealBatch(pool: Pool, vault: Vault, column: SealedColumn, superseded: number[], after: string[] | null): Promise<Batch> {
  const rows = await readRows(pool, column, superseded, after);
  const fresh = (await Promise.all(rows.map((row) => resealRow(vault, column, row)))).filter((row) => row !== undefined);
  const resealed = fresh.length > 0 ? await writeRows(pool, column, fresh) : 0;
  const last = rows.length === column.batchRows ? (rows.at(-1)?.key ?? null) : null;
  return { resealed, missed: fresh.length - resealed, unreadable: rows.length - fresh.length, last };
}

async function readRows(pool: Pool, column: SealedColumn, superseded: number[], after: string[] | null): Promise<Row[]> {
  const names = Object.keys(column.key);
  const bounds = Object.values(column.key).map((type, index) => `$${index + 3}::${type}`);
  const { rows } = await pool.query<Row>(
    `SELECT ARRAY[${names.map((name) => `${name}::text`).join(', ')}] AS key, ${column.environmentColumn} AS environment, ${column.column} AS sealed
     FROM ${column.table} WHERE ${keyIdOf(column)} = ANY($1::int[]) ${after ? `AND (${names.join(', ')}) > (${bounds.join(', ')})` : ''}
     ORDER BY ${names.join(', ')} LIMIT $2`,
    [superseded, column.batchRows, ...(after ?? [])],
  );
  return rows;
}

async function resealRow(vault: Vault, { purposeOf, formerPurpose }: SealedColumn, { key, environment, sealed }: Row): Promise<Fresh | undefined> {
  const purpose = purposeOf(key);
  for (const was of formerPurpose === undefined ? [purpose] : [purpose, formerPurpose]) {
    const now = await resealed(vault, environment, sealed, { was, purpose });
    if (now !== undefined) return { key, was: sealed, now };
  }
  return undefined;
}

/** Undefined for what does not open. */
async function resealed(
  vault: Vault,
  environment: number,
  sealed: Value,
  { was, purpose }: { was: string; purpose: string },
): Promise<Fresh['now'] | undefined> {
  try {
    return typeof sealed === 'string'
      ? await vault.sealText(environment, purpose, await vault.openText(environment, was, sealed))
      : await vault.seal(environment, purpose, await vault.open(environment, was, sealed));
  } catch (error) {
    if (isAppError(error) && error.code === 'decryption_failed') return undefined;
    throw error;
  }
}

/**
 * Replaces only what still is as it was read. Rows that somebody else has locked are skipped rather than waited for: waiting with other
 * rows locked could end in a deadlock, whose victim may be the other one.
 */
async function writeRows(pool: Pool, { table, column, key, format }: SealedColumn, fresh: Fresh[]): Promise<number> {
  const names = Object.keys(key);
  const value = format === 'text' ? 'text' : 'bytea';
  const arrays = [...Object.values(key), value, value].map((type, index) => `$${index + 1}::${type}[]`);
  const { rowCount } = await pool.query(
    `WITH fresh AS (SELECT * FROM unnest(${arrays.join(', ')}) AS f (${names.join(', ')}, was, now)),
       locked AS MATERIALIZED (
         SELECT t.ctid AS place, f.now FROM ${table} t JOIN fresh f USING (${names.join(', ')})
         WHERE t.${column} = f.was FOR NO KEY UPDATE OF t SKIP LOCKED
       )
     UPDATE ${table} t SET ${column} = locked.now FROM locked WHERE t.ctid = locked.place`,
    [...names.map((_, index) => fresh.map(({ key: own }) => own[index])), fresh.map(({ was }) => was), fresh.map(({ now }) => now)],
  );
  return rowCount ?? 0;
}
