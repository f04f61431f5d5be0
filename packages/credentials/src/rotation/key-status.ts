import type { Pool } from 'database';
import { keyIdOf, nameOf, sealedColumns } from './sealed-columns.js';

/** A data key with what is sealed by it: rows by column. `superseded`: its environment has a newer one. */
export type KeyUse = { id: number; environmentId: number; kekId: string; superseded: boolean; rows: Record<string, number> };

/** All data keys, and the rotation that is not finished. */
export type KeyStatus = { keys: KeyUse[]; rotation: { startedAt: Date; cleanSince: Date | null; resealed: number } | null };

const superseded = 'EXISTS (SELECT 1 FROM data_key newer WHERE newer.environment_id = k.environment_id AND newer.id > k.id)';

/** Counts what each data key is used for; reads every sealed column. */
export async function keyStatus(pool: Pool): Promise<KeyStatus> {
  const { rows: keys } = await pool.query<Omit<KeyUse, 'rows'>>(
    `SELECT id, environment_id AS "environmentId", kek_id AS "kekId", ${superseded} AS superseded FROM data_key k ORDER BY environment_id, id`,
  );
  const uses = await countUses(pool);
  const { rows: open } = await pool.query<{ startedAt: Date; cleanSince: Date | null; resealed: number }>(
    'SELECT started_at AS "startedAt", clean_since AS "cleanSince", resealed FROM key_rotation WHERE finished_at IS NULL ORDER BY id LIMIT 1',
  );
  return { keys: keys.map((key) => ({ ...key, rows: uses.get(key.id) ?? {} })), rotation: open[0] ?? null };
}

async function countUses(pool: Pool): Promise<Map<number, Record<string, number>>> {
  const uses = new Map<number, Record<string, number>>();
  for (const column of sealedColumns) {
    const { rows } = await pool.query<{ key: number | null; count: number }>(
      `SELECT ${keyIdOf(column)} AS key, count(*) AS count FROM ${column.table} GROUP BY 1`,
    );
    for (const { key, count } of rows) if (key !== null) uses.set(key, { ...uses.get(key), [nameOf(column)]: count });
  }
  return uses;
}

/** Ids of data keys that are not their environment's newest. */
export async function supersededKeys(pool: Pool): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>(`SELECT id FROM data_key k WHERE ${superseded}`);
  return rows.map(({ id }) => id);
}
