import { randomUUID } from 'node:crypto';
import { openPool, type Pool } from 'database';
import { freshDatabase, type TestDatabase } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallLogRepository } from './call-log.repository.js';

describe('old calls in the log', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await freshDatabase();
    pool = openPool(database.url);
  });
  afterAll(async () => {
    await pool?.end();
    await database?.drop();
  });

  const anOperation = async (kind: string, ageHours: number) => {
    const id = randomUUID();
    await pool.query(`INSERT INTO operation (id, environment_id, kind, title, started_at) VALUES ($1, 1, $2, '', now() - $3 * interval '1 hour')`, [
      id,
      kind,
      ageHours,
    ]);
    await pool.query(`INSERT INTO operation_message (operation_id, environment_id, at, level, message) VALUES ($1, 1, now(), 'info', 'line')`, [id]);
    return id;
  };

  it('are dropped with their lines; younger ones and runs stay', async () => {
    const hour = 60 * 60_000;
    const [old, young, run] = [await anOperation('proxy', 3), await anOperation('proxy', 1), await anOperation('sync', 3)];
    expect(await new CallLogRepository(pool).drop(2 * hour)).toBe(1);
    const left = async (sql: string) => (await pool.query<{ id: string }>(sql)).rows.map(({ id }) => id).toSorted();
    expect(await left('SELECT id FROM operation')).toEqual([young, run].toSorted());
    expect(await left('SELECT operation_id AS id FROM operation_message')).toEqual([young, run].toSorted());
    expect(old).not.toBe(young);
  });
});
