import { freshDatabase, type TestDatabase } from 'stack/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPool, type Pool } from './pool.js';
import { prepared } from './prepared.js';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await freshDatabase();
  pool = openPool(database.url, { max: 1 });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

it('prepares a statement once for a connection, and answers as before', async () => {
  const client = prepared(pool);
  for (const n of [1, 2, 3]) expect((await client.query('SELECT $1::int + 1 AS next', [n])).rows).toEqual([{ next: n + 1 }]);
  await client.query('SELECT 1');
  const { rows } = await pool.query(`SELECT statement FROM pg_prepared_statements`);
  expect(rows).toEqual([{ statement: 'SELECT $1::int + 1 AS next' }]);
});
