import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { keyringFrom, Vault } from 'credentials';
import { openPool } from 'database';
import { freePort, freshDatabase, temporalAddress, type TestDatabase } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './test/eventually.js';
import { aScript } from './test/rows.js';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

describe('the built orchestrator', () => {
  let database: TestDatabase;
  const children: ChildProcess[] = [];
  const key = randomBytes(32).toString('base64');

  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await database?.drop();
  });

  const start = async (settings: Record<string, string>) => {
    const port = await freePort();
    const own = {
      NANGO_DATABASE_URL: database.url,
      NANGO_INTERNAL_KEY: 'x'.repeat(32),
      NANGO_ENCRYPTION_KEY: key,
      TEMPORAL_ADDRESS: temporalAddress(),
      NANGO_QUEUE_PREFIX: 'test-main',
    };
    const child = spawn(process.execPath, [program], { env: { PATH: process.env['PATH'], ORCHESTRATOR_PORT: String(port), ...own, ...settings } });
    children.push(child);
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    const exit = once(child, 'exit').then(([code]) => ({ code: code as number | null, errors }));
    return { child, exit, health: () => fetch(`http://127.0.0.1:${port}/health`).then((answer) => answer.json()) };
  };

  it.each(['all', 'execution', 'worker'])('starts as %s, is healthy and ends gracefully', async (role) => {
    const { child, exit, health } = await start({ ORCHESTRATOR_ROLE: role });
    expect(await eventually(() => health().catch(() => null), 30_000)).toEqual({ result: 'ok' });
    child.kill('SIGTERM');
    expect((await exit).code).toBe(0);
  });

  it('says in one line what its configuration lacks', async () => {
    const { code, errors } = await (await start({ NANGO_DATABASE_URL: '', ORCHESTRATOR_ROLE: 'none' })).exit;
    expect(code).toBe(1);
    expect(errors).toContain('orchestrator: bad configuration: ORCHESTRATOR_ROLE: must be one of all, worker, execution; NANGO_DATABASE_URL: is required\n');
  });

  it('refuses a database that was encrypted with another key', async () => {
    const pool = openPool(database.url);
    await aScript({ pool, vault: new Vault(pool, keyringFrom(key)) });
    await pool.end();
    const { code, errors } = await (await start({ NANGO_ENCRYPTION_KEY: randomBytes(32).toString('base64') })).exit;
    expect(code).toBe(1);
    expect(errors).toMatch(/^orchestrator: The encryption key is not the one/m);
  });
});
