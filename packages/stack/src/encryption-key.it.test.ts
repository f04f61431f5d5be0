import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './ports.js';
import { builtProgram } from './repository.js';
import { freshDatabase, temporalAddress, type TestDatabase } from './testing/test-services.js';

const key = (bytes: number): string => randomBytes(bytes).toString('base64');

describe.each(['server', 'proxy', 'orchestrator'])('in production the %s (K-03)', (app) => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await freshDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`
      INSERT INTO account (name) VALUES ('a');
      INSERT INTO environment (account_id, name, secret_key_hash, secret_key, public_key) VALUES (1, 'prod', '', '', gen_random_uuid());
      INSERT INTO data_key (environment_id, kek_id, wrapped) VALUES (1, '01234567', '\\x00')`);
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  it.each([
    ['no key', {}, 'No encryption key: set NANGO_ENCRYPTION_KEY'],
    ['an empty key', { NANGO_ENCRYPTION_KEY: '' }, 'No encryption key: set NANGO_ENCRYPTION_KEY'],
    ['a short key', { NANGO_ENCRYPTION_KEY: key(16) }, 'NANGO_ENCRYPTION_KEY holds 16 bytes'],
    ['no base64', { NANGO_ENCRYPTION_KEY: 'correct horse battery staple' }, 'NANGO_ENCRYPTION_KEY is not base64'],
    ['another key than the database was encrypted with', { NANGO_ENCRYPTION_KEY: key(32) }, 'The encryption key is not the one'],
    ['a file that is not there', { NANGO_ENCRYPTION_KEY_FILE: '/nowhere/keys' }, 'The key file /nowhere/keys cannot be read'],
  ])('refuses to start with %s, and leaves the database as it is', async (_, settings, problem) => {
    const before = await contentOf(client);
    const { code, said } = await run(app, database.url, settings);
    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`^${app}: ${problem}`, 'm'));
    expect(await contentOf(client)).toBe(before);
  });
});

async function run(app: string, databaseUrl: string, settings: Record<string, string>): Promise<{ code: number; said: string }> {
  const port = String(await freePort());
  const env = {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    LOG_LEVEL: 'fatal',
    NANGO_DATABASE_URL: databaseUrl,
    NANGO_INTERNAL_KEY: key(32),
    TEMPORAL_ADDRESS: temporalAddress(),
    [`${app.toUpperCase()}_PORT`]: port,
    ...settings,
  };
  const child = spawn(process.execPath, [builtProgram(`apps/${app}`)], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number]; // it ends by itself
  return { code, said };
}

/** Every row of every table. */
async function contentOf(client: pg.Client): Promise<string> {
  const { rows: tables } = await client.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`);
  const contents: unknown[] = [];
  for (const { name } of tables) contents.push((await client.query(`SELECT t::text FROM "${name}" t ORDER BY 1`)).rows);
  return JSON.stringify(contents);
}
