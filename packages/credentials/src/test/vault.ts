import { randomBytes, randomUUID } from 'node:crypto';
import { openPool, type Pool } from 'database';
import { freshDatabase } from 'stack/testing';
import { keyringFrom } from '../vault/keyring.js';
import { Vault } from '../vault/vault.js';

/** A vault on a database of the test's own. */
export type TestVault = { pool: Pool; vault: Vault; key: string; url: string; close: () => Promise<void> };

export async function openVault(): Promise<TestVault> {
  const database = await freshDatabase();
  const pool = openPool(database.url);
  const key = aKey();
  const close = async (): Promise<void> => {
    await pool.end();
    await database.drop();
  };
  return { pool, key, url: database.url, vault: new Vault(pool, keyringFrom(key)), close };
}

export function aKey(): string {
  return randomBytes(32).toString('base64');
}

export async function anEnvironment(pool: Pool): Promise<number> {
  const account = await insert(pool, `insert into account (name) values ('team') returning id`, []);
  return insert(
    pool,
    `insert into environment (account_id, name, secret_key_hash, secret_key, public_key, webhook_url, on_auth_refresh_error)
     values ($1, 'dev', $2, '', $3, 'https://product.example/hook', true) returning id`,
    [account, Buffer.from(randomUUID()), randomUUID()],
  );
}

export async function insert(pool: Pool, sql: string, values: unknown[]): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(sql, values);
  return rows[0]!.id; // every statement here returns the row it made
}
