import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { keyringFrom, purposes, Vault } from 'credentials';
import { openPool, type Pool } from 'database';
import { freshDatabase, type TestDatabase } from 'stack/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const aKey = (): string => randomBytes(32).toString('base64');
const idOf = (key: string): string => keyringFrom(key).currentId;
const [first, second] = [aKey(), aKey()];

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  pool = openPool(database.url);
  await pool.query(`INSERT INTO account (name) VALUES ('a')`);
  await pool.query(`INSERT INTO environment (account_id, name, secret_key_hash, secret_key, public_key) VALUES (1, 'dev', '', '', gen_random_uuid())`);
  const secretKey = await new Vault(pool, keyringFrom(first)).sealText(1, purposes.environmentSecretKey, 'secret');
  await pool.query('UPDATE environment SET secret_key = $1', [secretKey]);
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

/** What the command says, its errors included, and its exit code. */
async function admin(args: string, settings: Record<string, string>): Promise<{ code: number; said: string[] }> {
  const env = { PATH: process.env['PATH'], NANGO_DATABASE_URL: database.url, ...settings };
  const run = promisify(execFile)(process.execPath, [program, ...args.split(' ')], { env });
  const done = await run.then(
    (output) => ({ code: 0, ...output }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { code: done.code, said: `${done.stdout}${done.stderr}`.trim().split('\n') };
}

it('tells of the keys, rotates both, and says what is left', async () => {
  const both = { NANGO_ENCRYPTION_KEY: second, NANGO_ENCRYPTION_KEYS_PREVIOUS: first };
  expect(await admin('keys status', both)).toEqual({
    code: 0,
    said: [
      `current key-encryption key: ${idOf(second)}`,
      `environment 1, data key 1 (newest, wrapped by ${idOf(first)} (previous)): 1 rows: environment.secret_key 1`,
      '1 data keys, 0 superseded with 0 rows, 1 wrapped by a previous key-encryption key',
    ],
  });
  expect(await admin('keys rotate --dry-run', both)).toEqual({
    code: 0,
    said: [`would wrap 1 data keys with ${idOf(second)}`, 'would make a new data key for 1 environments and seal 1 rows anew'],
  });
  const rotated = await admin('keys rotate --no-wait', both);
  expect(rotated.code).toBe(0);
  expect(rotated.said).toContain('environment.secret_key: 1 rows resealed');
  expect(rotated.said).toContain('2 data keys, 1 superseded with 0 rows, 0 wrapped by a previous key-encryption key');
  expect((await admin('keys status', { NANGO_ENCRYPTION_KEY: second })).said.at(-1)).toMatch(/^a rotation of .* is not finished \(1 rows resealed\)/);
});

it.each([
  [{}, 'nango-admin: No encryption key: set NANGO_ENCRYPTION_KEY'],
  [{ NANGO_ENCRYPTION_KEY: aKey() }, 'nango-admin: The encryption key is not the one that this database was encrypted with.'],
])('refuses keys that do not fit the database', async (settings, problem) => {
  expect(await admin('keys rotate', settings)).toEqual({ code: 1, said: [expect.stringContaining(problem)] });
});
