import type { Pool } from 'database';
import { type DataKeyRow, wrapContext } from '../vault/data-keys.js';
import type { KeyProvider } from '../vault/key-provider.js';

const batchKeys = 20;

/** How many data keys are not wrapped by the current key-encryption key. */
export async function countToRewrap(pool: Pool, provider: KeyProvider): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('SELECT count(*)::int AS count FROM data_key WHERE kek_id <> $1', [provider.currentId]);
  return rows[0]?.count ?? 0;
}

/**
 * Wraps all data keys with the current key-encryption key; what they have sealed stays as it is. Killed, it goes on where it stopped.
 * Answers how many were wrapped.
 *
 * @throws AppError `invalid_encryption_key` when the key that one is wrapped with is not configured
 */
export async function rewrapDataKeys(pool: Pool, provider: KeyProvider, onProgress: (done: number) => void = () => undefined): Promise<number> {
  let done = 0;
  for (let after = 0; ; onProgress(done)) {
    const { rows } = await pool.query<DataKeyRow>(
      'SELECT id, environment_id, kek_id, wrapped FROM data_key WHERE kek_id <> $1 AND id > $2 ORDER BY id LIMIT $3',
      [provider.currentId, after, batchKeys],
    );
    if (rows.length === 0) return done;
    await Promise.all(rows.map((row) => rewrap(pool, provider, row)));
    done += rows.length;
    after = rows.at(-1)?.id ?? after;
  }
}

async function rewrap(pool: Pool, provider: KeyProvider, row: DataKeyRow): Promise<void> {
  const context = wrapContext(row.environment_id);
  const wrapped = await provider.wrap(context, await provider.unwrap(row.kek_id, context, row.wrapped));
  await pool.query('UPDATE data_key SET kek_id = $3, wrapped = $4 WHERE id = $1 AND wrapped = $2', [row.id, row.wrapped, provider.currentId, wrapped]);
}
