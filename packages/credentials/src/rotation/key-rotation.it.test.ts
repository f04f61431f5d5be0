import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Pool } from 'database';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plantSealedRows, planted } from '../test/sealed-rows.js';
import { aKey, anEnvironment, openVault, type TestVault } from '../test/vault.js';
import { openKeyProvider } from '../vault/key-settings.js';
import { keyringFrom } from '../vault/keyring.js';
import { Vault } from '../vault/vault.js';
import { KeyRotation } from './key-rotation.js';
import { keyStatus, type KeyUse } from './key-status.js';
import { countToRewrap, rewrapDataKeys } from './rewrap.js';
import { nameOf, sealedColumns } from './sealed-columns.js';

let test: TestVault;
let environment: number;

beforeEach(async () => {
  test = await openVault();
  environment = await anEnvironment(test.pool);
});
afterEach(() => test.close());

const rowsOf = ({ rows }: KeyUse): number => Object.values(rows).reduce((sum, count) => sum + count, 0);

describe('a rotation of the data keys', () => {
  it('seals every column anew, keeps what they hold, and deletes the old keys', async () => {
    await plantSealedRows(test, environment, 3);
    const before = await keyStatus(test.pool);
    expect(Object.keys(before.keys[0]?.rows ?? {}).sort()).toEqual(sealedColumns.map(nameOf).sort());
    expect(await new KeyRotation(test.pool, keyringFrom(test.key), { settleMs: 1 }).run()).toBe('finished');
    const after = await keyStatus(test.pool);
    expect(after.keys).toEqual([{ ...before.keys[0], id: expect.any(Number), superseded: false }]);
    expect(after.keys[0]?.id).not.toBe(before.keys[0]?.id);
    await expectAllToOpen(test.pool, new Vault(test.pool, keyringFrom(test.key)));
  });

  it('keeps the old keys until nothing has used them for a while', async () => {
    await plantSealedRows(test, environment, 1);
    // It remembers the old key as the newest one.
    const late = test.vault;
    const rotation = () => new KeyRotation(test.pool, keyringFrom(test.key), { settleMs: 5_000, waitToDelete: false });
    expect(await rotation().run()).toBe('settling');
    const sealed = await late.sealText(environment, 'environment_variable.value', 'late');
    await test.pool.query(`INSERT INTO environment_variable (environment_id, name, value) VALUES ($1, 'LATE', $2)`, [environment, sealed]);
    expect((await keyStatus(test.pool)).keys.map(rowsOf)).toEqual([1, expect.any(Number)]);
    expect(await rotation().run()).toBe('settling');
    const { keys, rotation: open } = await keyStatus(test.pool);
    expect([keys.map(({ superseded }) => superseded), rowsOf(keys[0]!), open?.cleanSince]).toEqual([[true, false], 0, expect.any(Date)]); // two keys, as just seen
  });

  it('leaves what does not open, and its key', async () => {
    await plantSealedRows(test, environment, 2);
    const { rows } = await test.pool.query<{ id: number }>('SELECT id FROM connection ORDER BY id LIMIT 1');
    await test.pool.query(`UPDATE connection SET credentials = left(credentials, -4) || 'AAAA' WHERE id = $1`, [rows[0]?.id]);
    expect(await new KeyRotation(test.pool, keyringFrom(test.key), { settleMs: 1 }).run()).toBe('finished');
    expect((await keyStatus(test.pool)).keys.map(({ rows: uses }) => uses['connection.credentials'])).toEqual([1, 1]);
  });

  it('waits for no row that somebody has locked, and takes it later', async () => {
    await plantSealedRows(test, environment, 2);
    const client = await test.pool.connect();
    await client.query('BEGIN');
    await client.query('UPDATE connection SET credentials = credentials');
    const running = new KeyRotation(test.pool, keyringFrom(test.key), { settleMs: 50 }).run();
    await expect.poll(async () => (await keyStatus(test.pool)).keys[0]?.rows).toEqual({ 'connection.credentials': 2 });
    await client.query('COMMIT');
    client.release();
    expect(await running).toBe('finished');
    expect((await keyStatus(test.pool)).keys).toHaveLength(1);
  });

  it('runs once at a time', async () => {
    await plantSealedRows(test, environment, 1);
    const rotate = () => new KeyRotation(test.pool, keyringFrom(test.key), { settleMs: 1 }).run();
    expect((await Promise.all([rotate(), rotate()])).sort()).toEqual(['busy', 'finished']);
  });
});

describe('a rotation of the key-encryption key', () => {
  it('wraps the data keys anew, after which the old key is not needed', async () => {
    await plantSealedRows(test, environment, 1);
    const key = aKey();
    const both = await openKeyProvider({ NANGO_ENCRYPTION_KEY: key, NANGO_ENCRYPTION_KEYS_PREVIOUS: test.key });
    expect(await countToRewrap(test.pool, both)).toBe(1);
    expect(await rewrapDataKeys(test.pool, both)).toBe(1);
    expect(await countToRewrap(test.pool, both)).toBe(0);
    const alone = new Vault(test.pool, keyringFrom(key));
    await alone.check();
    await expectAllToOpen(test.pool, alone);
  });
});

describe('rotation under load (K-02)', () => {
  it('loses no read and no write of other processes, though it is killed five times', { timeout: 120_000 }, async () => {
    const environments = [environment, await anEnvironment(test.pool)];
    for (const id of environments) await plantSealedRows(test, id, 1_500);
    const key = aKey();
    const serving = { NANGO_ENCRYPTION_KEY: test.key, NANGO_ENCRYPTION_KEYS_PREVIOUS: key };
    const rotating = { NANGO_ENCRYPTION_KEY: key, NANGO_ENCRYPTION_KEYS_PREVIOUS: test.key };
    const servers = [0, 1].map((part) => aProcess({ role: 'serve', settings: serving, part, parts: 2, cacheMs: 500 }));
    await Promise.all(servers.map((server) => server.next(({ line }) => line === 'serving')));
    for (let kill = 0; kill < 5; kill++) {
      const rotation = aProcess({ role: 'rotate', settings: rotating, settleMs: 2_000 });
      await rotation.next(({ line = '' }) => /resealed$|^everything/.test(line));
      rotation.child.kill('SIGKILL');
      await once(rotation.child, 'exit');
    }
    const rotation = aProcess({ role: 'rotate', settings: rotating, settleMs: 2_000 });
    expect(await rotation.next(({ outcome }) => outcome !== undefined)).toEqual({ outcome: 'finished' });
    for (const { child } of servers) child.kill('SIGTERM');
    for (const server of servers) {
      const seen = await server.next(({ failures }) => failures !== undefined);
      expect(seen).toMatchObject({ failures: [] });
      expect(seen.reads).toBeGreaterThan(500);
      expect(seen.writes).toBeGreaterThan(50);
    }
    const { keys } = await keyStatus(test.pool);
    const alone = keyringFrom(key);
    expect(keys.map(({ environmentId, kekId, superseded }) => ({ environmentId, kekId, superseded }))).toEqual(
      environments.map((environmentId) => ({ environmentId, kekId: alone.currentId, superseded: false })),
    );
    await expectAllToOpen(test.pool, new Vault(test.pool, alone));
  });
});

type Message = { line?: string; outcome?: string; failures?: string[]; reads?: number; writes?: number };

/** A process of its own on the built package, and what it tells. */
function aProcess(options: Record<string, unknown>): { child: ChildProcess; next: (matches: (message: Message) => boolean) => Promise<Message> } {
  const program = fileURLToPath(new URL('../test/key-process.mjs', import.meta.url));
  const env = { PATH: process.env['PATH'], KEY_PROCESS: JSON.stringify({ url: test.url, ...options }) };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (matches: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error('the process ended before it said so');
      const message = JSON.parse(value) as Message;
      if (matches(message)) return message;
    }
  };
  return { child, next };
}

/** Opens every ciphertext of every column. */
async function expectAllToOpen(pool: Pool, vault: Vault): Promise<void> {
  for (const column of sealedColumns) {
    const { rows } = await pool.query<{ key: string[]; environment: number; sealed: string | Buffer }>(
      `SELECT ARRAY[${Object.keys(column.key)
        .map((name) => `${name}::text`)
        .join(', ')}] AS key, ${column.environmentColumn} AS environment, ${column.column} AS sealed
       FROM ${column.table} WHERE ${column.column} IS NOT NULL ${column.table === 'outbox_event' ? 'AND sealed' : ''}`,
    );
    expect([nameOf(column), rows.length]).not.toEqual([nameOf(column), 0]);
    for (const { key, environment: owner, sealed } of rows) {
      const open = async (purpose: string): Promise<string> =>
        typeof sealed === 'string' ? vault.openText(owner, purpose, sealed) : Buffer.from(await vault.open(owner, purpose, sealed)).toString();
      const text = await open(column.purposeOf(key)).catch(() => open(column.formerPurpose ?? ''));
      const expected = column.table === 'connection' ? text.startsWith(`${owner}-`) : text === planted;
      expect([nameOf(column), text, expected]).toEqual([nameOf(column), text, true]);
    }
  }
}
