import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKey, anEnvironment, openVault, type TestVault } from '../test/vault.js';
import { keyringFrom } from './keyring.js';
import { purposes } from './purposes.js';
import { Vault } from './vault.js';

let test: TestVault;
let environment: number;

beforeAll(async () => {
  test = await openVault();
  environment = await anEnvironment(test.pool);
});
afterAll(() => test.close());

const purpose = purposes.connectionCredentials;
const failed = { code: 'decryption_failed' };

describe('a vault', () => {
  it('opens what it sealed, as text and as bytes, also after a restart', async () => {
    const text = await test.vault.sealText(environment, purpose, 'tökén');
    const bytes = await test.vault.seal(environment, purpose, Buffer.from([0, 255, 1]));
    const restarted = new Vault(test.pool, keyringFrom(test.key));
    expect(await restarted.openText(environment, purpose, text)).toBe('tökén');
    expect([...(await restarted.open(environment, purpose, bytes))]).toEqual([0, 255, 1]);
    expect(text).toMatch(/^v1\.\d+\.[\w-]+$/);
    expect(await test.vault.openText(environment, purpose, await test.vault.sealText(environment, purpose, ''))).toBe('');
  });

  it('never gives the same ciphertext twice', async () => {
    expect(await test.vault.sealText(environment, purpose, 'x')).not.toBe(await test.vault.sealText(environment, purpose, 'x'));
  });

  it('opens nothing with any byte flipped or missing (K-01)', async () => {
    const sealed = Buffer.from(await test.vault.seal(environment, purpose, Buffer.from('secret')));
    for (let at = 0; at < sealed.length; at++) {
      const flipped = Buffer.from(sealed);
      flipped[at]! ^= 1; // at is within the buffer
      await expect(test.vault.open(environment, purpose, flipped), `byte ${at}`).rejects.toMatchObject(failed);
      await expect(test.vault.open(environment, purpose, sealed.subarray(0, at)), `${at} bytes`).rejects.toMatchObject(failed);
    }
    for (const text of ['', 'secret', 'v1.1', 'v1.1.', 'v2.1.AAAA', 'v1.99999.AAAA', 'v1.1.!!!!']) {
      await expect(test.vault.openText(environment, purpose, text)).rejects.toMatchObject(failed);
    }
  });

  it('opens nothing for another purpose or environment (K-01)', async () => {
    const other = await anEnvironment(test.pool);
    await test.vault.sealText(other, purpose, 'theirs');
    const sealed = await test.vault.sealText(environment, purpose, 'ours');
    await expect(test.vault.openText(environment, purposes.environmentVariable, sealed)).rejects.toMatchObject(failed);
    await expect(test.vault.openText(other, purpose, sealed)).rejects.toMatchObject(failed);
    const keys = await test.pool.query<{ id: number }>('select id from data_key where environment_id = $1', [other]);
    const moved = sealed.replace(/^v1\.\d+/, `v1.${keys.rows[0]!.id}`);
    await expect(test.vault.openText(other, purpose, moved)).rejects.toMatchObject(failed);
  });

  it('makes one data key per environment, however many seal for the first time at once', async () => {
    const fresh = await anEnvironment(test.pool);
    const vaults = Array.from({ length: 5 }, () => new Vault(test.pool, keyringFrom(test.key)));
    const sealed = await Promise.all(vaults.flatMap((vault) => [vault.sealText(fresh, purpose, 'a'), vault.sealText(fresh, purpose, 'b')]));
    const { rowCount } = await test.pool.query('select 1 from data_key where environment_id = $1', [fresh]);
    expect(rowCount).toBe(1);
    for (const text of sealed) expect(await test.vault.openText(fresh, purpose, text)).toMatch(/^[ab]$/);
  });

  it('seals for the first time while its caller holds the environment in a transaction', async () => {
    const fresh = await anEnvironment(test.pool);
    const client = await test.pool.connect();
    await client.query('begin');
    await client.query('update environment set name = name where id = $1', [fresh]);
    await expect(test.vault.sealText(fresh, purpose, 'x')).resolves.toBeTypeOf('string');
    await client.query('rollback');
    client.release();
  });

  it('keeps the data key wrapped: a dump has no way in (K-05)', async () => {
    await test.vault.sealText(environment, purpose, 'planted-secret');
    const { rows } = await test.pool.query<{ wrapped: Buffer }>('select wrapped from data_key');
    for (const { wrapped } of rows) expect(wrapped).toHaveLength(12 + 32 + 16);
  });
});

describe('a vault with another key (K-03)', () => {
  it('is told so at start and opens nothing', async () => {
    const sealed = await test.vault.sealText(environment, purpose, 'x');
    await expect(test.vault.check()).resolves.toBeUndefined();
    const stranger = new Vault(test.pool, keyringFrom(aKey()));
    await expect(stranger.check()).rejects.toMatchObject({ code: 'invalid_encryption_key' });
    await expect(stranger.openText(environment, purpose, sealed)).rejects.toMatchObject({ code: 'invalid_encryption_key' });
    await expect(stranger.sealText(environment, purpose, 'y')).rejects.toMatchObject({ code: 'invalid_encryption_key' });
  });
});
