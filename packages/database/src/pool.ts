import pg from 'pg';

export type { Pool, PoolClient } from 'pg';

/** Injection token of the pool that hand-written SQL runs on. */
export const POOL = Symbol('Pool');

/** A transaction's connection, or the pool where each statement stands alone. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** A pool for hand-written SQL. `bigint` columns come as numbers: ours stay far below 2^53. */
export function openPool(url: string, options: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, types: { getTypeParser: parserFor }, ...options });
  // An idle connection that dies is replaced on the next use; unhandled, its error would end the process.
  pool.on('error', () => undefined);
  return pool;
}

const bigintOid = 20;

const parserFor = ((oid: number, format?: 'text' | 'binary') =>
  oid === bigintOid
    ? Number
    : format === undefined
      ? pg.types.getTypeParser(oid)
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser;

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => (broken = cause));
    throw error;
  } finally {
    client.release(broken);
  }
}
