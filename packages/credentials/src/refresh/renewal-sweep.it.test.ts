import { openPool } from 'database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aConnection, type AConnection, anIntegration, StrictProvider } from '../test/connection.js';
import { sendByFetch, TokenServer } from '../test/token-server.js';
import { openVault, type TestVault } from '../test/vault.js';
import { keyringFrom } from '../vault/keyring.js';
import { Vault } from '../vault/vault.js';
import { CredentialStore, type SendForEnvironment } from './credential-store.js';
import { RenewalSweep } from './renewal-sweep.js';

let test: TestVault;
const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);
const sweepWith = (send: SendForEnvironment): RenewalSweep => new RenewalSweep(test.pool, new CredentialStore(test.pool, test.vault, send));
const due = (name: AConnection): Promise<unknown> =>
  test.pool.query(`update connection set credential_renew_at = now() - interval '1 second' where id = $1`, [name.id]);
const row = async ({ id }: AConnection): Promise<Record<string, unknown>> =>
  (await test.pool.query<Record<string, unknown>>('select * from connection where id = $1', [id])).rows[0] ?? {};

beforeAll(async () => {
  test = await openVault();
});
afterAll(() => test.close());
beforeEach(() => test.pool.query('delete from connection'));

describe('the sweep', () => {
  it('renews what is due, long before its end, and says when it is due again', async () => {
    const provider = new StrictProvider();
    const name = await aConnection(test, { expires_at: inMinutes(600) });
    const other = await aConnection(test, { expires_at: inMinutes(600) });
    await due(name);
    expect(await sweepWith(provider.send).renewDue()).toBe(1);
    const after = await row(name);
    expect(after).toMatchObject({ credential_version: 2, refresh_failures: 0 });
    expect((after['credential_renew_at'] as Date).getTime()).toBeGreaterThan(inMinutes(44).getTime());
    expect((after['credential_renew_at'] as Date).getTime()).toBeLessThan(inMinutes(49).getTime());
    expect(await row(other)).toMatchObject({ credential_version: 1 });
    expect(await sweepWith(provider.send).renewDue()).toBe(0);
  });

  it('is shared by processes, each credential renewed by one of them, and holds its limit at each host', async () => {
    const server = await TokenServer.start(20);
    const integration = await anIntegration(test, 'demo-tracker-oauth');
    const options = { provider: 'demo-tracker-oauth', integration, connectionConfig: { baseUrl: server.url } };
    for (let n = 0; n < 100; n++) await due(await aConnection(test, { refresh_token: `own-${n}` }, options));
    const pools = Array.from({ length: 2 }, () => openPool(test.url, { max: 10 }));
    const sweeps = pools.map((pool) => {
      const store = new CredentialStore(pool, new Vault(pool, keyringFrom(test.key)), sendByFetch);
      return new RenewalSweep(pool, store, { concurrencyPerHost: 4 });
    });
    const counts = await Promise.all(sweeps.map((sweep) => sweep.renewDue()));
    await Promise.all(pools.map((pool) => pool.end()));
    await server.close();
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(server).toMatchObject({ calls: 100, reused: 0 });
    expect(server.mostAtOnce).toBeLessThanOrEqual(8);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it('does not let a slow endpoint of many integrations keep another provider waiting', async () => {
    const provider = new StrictProvider();
    let release = (): void => undefined;
    const slow = new Promise<void>((resolve) => (release = resolve));
    const send: SendForEnvironment = async (environmentId, request, signal) => {
      if (request.url.includes('127.0.0.9')) await slow;
      return provider.send(environmentId, request, signal);
    };
    const options = { provider: 'demo-tracker-oauth', connectionConfig: { baseUrl: 'http://127.0.0.9' } };
    for (let n = 0; n < 150; n++) await due(await aConnection(test, { refresh_token: `slow-${n}` }, options));
    const quick = await aConnection(test, { expires_at: inMinutes(60) });
    await due(quick);
    const running = sweepWith(send).renewDue();
    await expect.poll(async () => (await row(quick))['credential_version'], { timeout: 10_000 }).toBe(2);
    release();
    expect(await running).toBe(151);
  });

  it('leaves a failed connection alone for five minutes, and an exhausted one for good', async () => {
    const down = new StrictProvider({ answer: { status: 500, body: '' } });
    const name = await aConnection(test);
    await due(name);
    await sweepWith(down.send).renewDue();
    expect(down.calls).toHaveLength(1);
    const after = await row(name);
    expect(after).toMatchObject({ refresh_failures: 1 });
    expect((after['credential_renew_at'] as Date).getTime()).toBeGreaterThan(inMinutes(4).getTime());
    await test.pool.query(`update connection set refresh_failures = 3, last_refresh_failure = now() - interval '1 day', lease_until = null where id = $1`, [
      name.id,
    ]);
    await due(name);
    await sweepWith(down.send).renewDue();
    expect(await row(name)).toMatchObject({ refresh_failures: 4, credential_renew_at: null });
  });

  it('forgets what nothing can renew, and skips what is in back-off or was renewed on use meanwhile', async () => {
    const provider = new StrictProvider();
    const [single, waiting] = [await aConnection(test, { refresh_token: undefined }), await aConnection(test)];
    await due(single);
    await due(waiting);
    await test.pool.query(`update connection set lease_until = now() + interval '1 minute' where id = $1`, [waiting.id]);
    expect(await sweepWith(provider.send).renewDue()).toBe(1);
    expect(await row(single)).toMatchObject({ credential_renew_at: null, credential_version: 1 });
    expect(provider.calls).toHaveLength(0);
    const store = new CredentialStore(test.pool, test.vault, provider.send);
    const used = await aConnection(test);
    const { version } = await store.fresh(used);
    expect(await store.fresh(used, { version: version - 1 })).toMatchObject({ version });
    expect(provider.calls).toHaveLength(1);
  });

  it('ends with what it has begun', async () => {
    const sweep = sweepWith(new StrictProvider({ delayMs: 50 }).send);
    const name = await aConnection(test);
    await due(name);
    const running = sweep.renewDue();
    await sweep.stop();
    await running;
    expect([1, 2]).toContain((await row(name))['credential_version']);
    expect(await sweep.renewDue()).toBe(0);
  });
});
