import { openPool } from 'database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConnection, anIntegration } from '../test/connection.js';
import { sendByFetch, TokenServer } from '../test/token-server.js';
import { openVault, type TestVault } from '../test/vault.js';
import { keyringFrom } from '../vault/keyring.js';
import { Vault } from '../vault/vault.js';
import { CredentialStore } from './credential-store.js';
import { RenewalSweep } from './renewal-sweep.js';

const connections = 5_000;
/** Of an hour, when a fifth of it is left. */
const lifeLeftMs = 12 * 60_000;

let test: TestVault;
beforeAll(async () => {
  test = await openVault();
});
afterAll(() => test.close());

describe('five thousand connections whose tokens end within the same minute (R-06)', () => {
  it('are renewed before, each once, ten at a time', async () => {
    await test.pool.query('delete from connection'); // of a first try
    const server = await TokenServer.start();
    const integration = await anIntegration(test, 'demo-tracker-oauth');
    const options = { provider: 'demo-tracker-oauth', integration, connectionConfig: { baseUrl: server.url } };
    const make = (n: number): Promise<unknown> => aConnection(test, { refresh_token: `own-${n}`, expires_at: new Date(Date.now() + 2 * lifeLeftMs) }, options);
    for (let n = 0; n < connections; n += 50) await Promise.all(Array.from({ length: 50 }, (_, at) => make(n + at)));
    // All at once, where the jitter would spread them over three minutes of an hour's token.
    await test.pool.query('update connection set credential_renew_at = now() - make_interval(secs => 1), updated_at = now()');
    const due = await test.pool.query<{ at: Date }>('select now() as at');
    const pool = openPool(test.url, { max: 10 });
    const from = performance.now();
    const begun = await new RenewalSweep(pool, new CredentialStore(pool, new Vault(pool, keyringFrom(test.key)), sendByFetch)).renewDue();
    const tookMs = performance.now() - from;
    const { rows } = await pool.query<{ inTime: number }>(
      `select count(*)::int as "inTime" from connection
       where credential_version = 2 and credential_issued_at < $1::timestamptz + make_interval(secs => $2)`,
      [due.rows[0]?.at, lifeLeftMs / 1000],
    );
    await pool.end();
    await server.close();
    process.stderr.write(`${begun} credentials renewed in ${Math.round(tookMs / 100) / 10} s\n`);
    expect(rows[0]?.inTime).toBeGreaterThanOrEqual(connections * 0.999);
    expect(server).toMatchObject({ calls: connections, reused: 0 });
    expect(server.mostAtOnce).toBeLessThanOrEqual(10);
  }, 300_000);
});
