import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { freshDatabase } from 'stack/testing';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { migrate } from './migrate.js';
import { pendingChanges } from './pending-changes.js';

const run = promisify(execFile);
const program = fileURLToPath(new URL('../../dist/migrate.main.js', import.meta.url));

let admin: pg.Client;
const url = new URL(inject('postgresUrl'));
const name = `migrate_${process.pid}`;

beforeAll(async () => {
  admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  await admin.query(`create database ${name}`);
  url.pathname = name;
});
afterAll(async () => {
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
});

it('lets several start at once: one applies, the others find it done', async () => {
  const applied = await Promise.all([migrate(url.href), migrate(url.href), migrate(url.href)]);
  expect(applied.map((names) => names.length > 0).toSorted()).toEqual([false, false, true]);
});

it('runs as a program of the built package and is soon over', async () => {
  const { stdout } = await run(process.execPath, [program], { env: { NANGO_DATABASE_URL: url.href }, timeout: 8000 });
  expect(stdout).toBe('up to date\n');
});

it('says in one line what is wrong with the database it was given', async () => {
  const failed = await run(process.execPath, [program], { env: {} }).catch((error: { code: number; stderr: string }) => error);
  expect(failed).toMatchObject({ code: 2, stderr: 'NANGO_DATABASE_URL is not set\n' });
  const elsewhere = new URL(url);
  elsewhere.pathname = 'no_such_database';
  await expect(run(process.execPath, [program], { env: { NANGO_DATABASE_URL: elsewhere.href } })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('database "no_such_database" does not exist') as string,
  });
});

it('leaves nothing of schema.prisma without a migration', async () => {
  expect(await pendingChanges(inject('postgresUrl'))).toBe('');
});

it('keeps a connection id unique among the living only', async () => {
  const database = await freshDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`insert into account (name) values ('team')`);
  await client.query(`insert into environment (account_id, name, secret_key_hash, secret_key, public_key) values (1, 'dev', '', '', gen_random_uuid())`);
  await client.query(`insert into integration (environment_id, unique_key, provider) values (1, 'github', 'github')`);
  const add = `insert into connection (environment_id, integration_id, connection_id, credentials, deleted_at) values (1, 1, 'c1', '', $1)`;
  await client.query(add, [new Date()]);
  await client.query(add, [new Date()]);
  await client.query(add, [null]);
  await expect(client.query(add, [null])).rejects.toMatchObject({ constraint: 'connection_living_key' });
  await client.end();
  await database.drop();
});
