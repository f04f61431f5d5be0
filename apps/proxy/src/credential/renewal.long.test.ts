import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProxyProcess } from '../test/proxy-process.js';
import { TestProxy } from '../test/proxy.js';

const connections = 5_000;
/** Of an hour, when a fifth of it is left. */
const lifeLeftMs = 12 * 60_000;

describe('five thousand connections whose tokens end within the same minute', () => {
  let proxy: TestProxy;
  let processes: ProxyProcess[] = [];
  beforeAll(async () => {
    proxy = await TestProxy.start();
    await proxy.standAside();
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await proxy?.stop();
  });

  it('R-06 are renewed before by two processes, each once, ten at a time in each', async () => {
    let calls = 0;
    let atOnce = 0;
    let mostAtOnce = 0;
    proxy.upstream.answers('/oauth/token', (_, response) => {
      mostAtOnce = Math.max(mostAtOnce, ++atOnce);
      response.on('close', () => atOnce--);
      const tokens = { access_token: `access-${++calls}`, refresh_token: `refresh-${calls}`, expires_in: 3600 };
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(tokens)), 20);
    });
    const credentials = {
      type: 'OAUTH2',
      access_token: 'old',
      refresh_token: 'refresh-0',
      expires_at: new Date(Date.now() + 2 * lifeLeftMs),
      raw: {},
    } as const;
    const { id } = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials, oauthClient: { id: 'client', secret: 'secret' } });
    await proxy.pool.query(
      `INSERT INTO connection (environment_id, integration_id, connection_id, credentials, credential_expires_at, connection_config)
       SELECT environment_id, integration_id, gen_random_uuid()::text, credentials, credential_expires_at, connection_config
       FROM connection, generate_series(2, $2) WHERE id = $1`,
      [id, connections],
    );
    processes = await ProxyProcess.startMany(2, proxy.settings);
    // All at once, where the jitter would spread them over three minutes of an hour's token.
    await proxy.pool.query('UPDATE connection SET credential_renew_at = now()');
    const from = Date.now();
    const renewed = async () =>
      Number((await proxy.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM connection WHERE credential_version = 2')).rows[0]?.count);
    await expect.poll(renewed, { timeout: 120_000, interval: 500 }).toBeGreaterThanOrEqual(connections * 0.999);
    process.stderr.write(`${await renewed()} credentials renewed in ${Math.round((Date.now() - from) / 1000)} s\n`);
    await expect.poll(renewed, { timeout: 120_000 }).toBe(connections);
    expect([calls, mostAtOnce <= 20]).toEqual([connections, true]);
  }, 300_000);
});
