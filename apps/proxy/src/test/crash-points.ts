import { setTimeout as wait } from 'node:timers/promises';
import type { Pool } from 'database';

/** A lock that stops a process at one of its statements, as if it had died there. */
export type Barrier = {
  /** Resolves once somebody waits. */
  reached: () => Promise<void>;
  /** Ends whoever waits, with the statement undone, and opens the way. */
  drop: () => Promise<void>;
};

/** Holds a lock on the database until it is dropped. What waits for it is found by `waiting`, a pattern of its SQL. */
export async function barrier(pool: Pool, lock: string, waiting: RegExp): Promise<Barrier> {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query(lock);
  const blocked = async (): Promise<number[]> => {
    const { rows } = await pool.query<{ pid: number; query: string }>(
      `SELECT pid, query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.filter(({ query }) => waiting.test(query)).map(({ pid }) => pid);
  };
  return {
    reached: async () => {
      while ((await blocked()).length === 0) await wait(20);
    },
    drop: async () => {
      // Postgres would run the statement of a client that is gone as soon as the lock is free.
      for (const pid of await blocked()) await pool.query('SELECT pg_terminate_backend($1)', [pid]);
      await client.query('ROLLBACK');
      client.release();
    },
  };
}
