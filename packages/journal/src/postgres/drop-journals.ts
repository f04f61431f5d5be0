import type { Pool } from 'database';

/**
 * Drops the journals of executions that ended a while ago.
 * @returns of how many; looks at every execution that has one, which are those that run and those that ended lately
 */
export async function dropJournals(pool: Pool, endedForMs: number): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH RECURSIVE journaled AS (
       (SELECT execution_id AS id FROM journal_entry ORDER BY execution_id LIMIT 1)
       UNION ALL
       SELECT (SELECT execution_id FROM journal_entry WHERE execution_id > journaled.id ORDER BY execution_id LIMIT 1) FROM journaled WHERE journaled.id IS NOT NULL
     )
     SELECT j.id FROM journaled j LEFT JOIN execution e ON e.id = j.id
     WHERE j.id IS NOT NULL AND (e.id IS NULL OR e.finished_at < clock_timestamp() - make_interval(secs => $1::float8 / 1000))`,
    [endedForMs],
  );
  for (let at = 0; at < rows.length; at += batch) {
    const ids = rows.slice(at, at + batch).map(({ id }) => id);
    await pool.query(`DELETE FROM journal_chunk WHERE execution_id = ANY($1)`, [ids]);
    await pool.query(`DELETE FROM journal_entry WHERE execution_id = ANY($1)`, [ids]);
  }
  return rows.length;
}

const batch = 100;
