import type pg from 'pg';
import { freshDatabase, type TestDatabase } from 'stack/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { listen } from './listen.js';
import { openPool } from './pool.js';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await freshDatabase();
  pool = openPool(database.url);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const notify = (channel: string, payload: string): Promise<unknown> => pool.query('select pg_notify($1, $2)', [channel, payload]);

it('hears a channel, and no other, until it is closed', async () => {
  const heard: string[] = [];
  const subscription = await listen(pool, 'news', (payload) => heard.push(payload));
  await notify('other', 'no');
  await notify('news', 'connection:1');
  await vi.waitFor(() => expect(heard).toEqual(['connection:1']));
  await subscription.close();
  await notify('news', 'connection:2');
  expect(heard).toEqual(['connection:1']);
});

it('connects again when the connection is lost, and says so', async () => {
  const heard: string[] = [];
  let connected = 0;
  const subscription = await listen(database.url, 'Back Again', (payload) => heard.push(payload), { retryMs: 20, onConnected: () => connected++ });
  await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%' and datname = current_database()`);
  await vi.waitFor(() => expect(connected).toBe(2));
  await notify('Back Again', 'here');
  await vi.waitFor(() => expect(heard).toEqual(['here']));
  await subscription.close();
});

it('fails at once when the database is not there', async () => {
  await expect(listen('postgres://nobody@127.0.0.1:1/none', 'news', () => undefined)).rejects.toThrow('ECONNREFUSED');
});
