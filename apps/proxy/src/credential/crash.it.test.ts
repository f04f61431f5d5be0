import type { PoolClient } from 'database';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProxyProcess } from '../test/proxy-process.js';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { RotatingGrant } from '../test/rotating-grant.js';

const oauthClient = { id: 'client', secret: 'secret' };

describe('a process that is killed while it renews a token', () => {
  let proxy: TestProxy;
  let survivor: ProxyProcess;
  let victim: ProxyProcess;
  let lock: PoolClient;
  beforeAll(async () => {
    proxy = await TestProxy.start();
    survivor = await ProxyProcess.start(proxy.settings);
    await proxy.pool.query(`UPDATE environment SET webhook_url = 'https://product.example/hook', on_auth_refresh_error = true`);
  });
  afterAll(async () => {
    await survivor?.stop();
    await proxy?.stop();
  });
  beforeEach(async () => {
    victim = await ProxyProcess.start(proxy.settings);
    lock = await proxy.pool.connect();
    await lock.query('BEGIN');
  });
  afterEach(async () => {
    await victim.crash();
    await lock.query('ROLLBACK');
    lock.release();
  });

  const aConnection = (grant: RotatingGrant) => proxy.aConnection({ provider: 'demo-tracker-oauth', credentials: grant.credentials, oauthClient });
  /** A caller whose process dies under it. */
  const callVictim = (connection: TestConnection) => void proxy.call(connection, '/items', {}, victim.url).catch(() => undefined);
  const rows = async (sql: string, ...values: unknown[]) => (await proxy.pool.query<Record<string, unknown>>(sql, values)).rows;
  const state = async ({ id }: TestConnection) =>
    (
      await rows(
        `SELECT c.credential_version AS version, (SELECT array_agg(outcome ORDER BY started_at) FROM refresh_attempt WHERE connection_id = c.id) AS outcomes,
           (SELECT count(*)::int FROM outbox_event WHERE body::jsonb ->> 'connectionId' = c.connection_id) AS webhooks,
           (SELECT count(*)::int FROM connection_error WHERE connection_id = c.id) AS errors
         FROM connection c WHERE id = $1`,
        id,
      )
    )[0];
  const blocked = (statement: string) =>
    rows(`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE $1`, `${statement}%`);
  /** Kills the victim while its statement waits for the lock, which it will then never get. */
  const killAt = async (statement: string) => {
    await expect.poll(() => blocked(statement), { timeout: 10_000 }).not.toHaveLength(0);
    await victim.crash();
    for (const { pid } of await blocked(statement)) await rows('SELECT pg_terminate_backend($1)', pid);
    await lock.query('ROLLBACK');
  };
  const callSurvivor = (connection: TestConnection) => proxy.call(connection, '/items', {}, survivor.url);
  const isLeased = async ({ id }: TestConnection) => (await rows('SELECT 1 FROM connection WHERE id = $1 AND lease_token IS NOT NULL', id)).length === 1;

  it('R-03 before the call leaves a connection that works', async () => {
    const grant = new RotatingGrant(proxy.upstream);
    const connection = await aConnection(grant);
    await lock.query('LOCK TABLE refresh_attempt IN EXCLUSIVE MODE');
    callVictim(connection);
    await killAt('update refresh_attempt set outcome');
    expect((await callSurvivor(connection)).status).toBe(200);
    expect([grant.calls, grant.reused, await state(connection)]).toEqual([1, 0, expect.objectContaining({ version: 2, webhooks: 0, errors: 0 })]);
  });

  it.each([
    ['R-03 after sending leaves a connection that works where the provider lets a used token come again for five seconds', 5_000],
    ['R-03 after sending is told the team where the provider revokes the grant', undefined],
  ])('%s', async (_, graceMs) => {
    const grant = new RotatingGrant(proxy.upstream, graceMs === undefined ? {} : { graceMs });
    const connection = await aConnection(grant);
    const answer = grant.holdAnswer();
    callVictim(connection);
    await expect.poll(() => grant.issued).toBe(1);
    await victim.crash();
    answer();
    grant.hold = {};
    await expectRecovery(grant, connection, graceMs !== undefined);
  });

  it.each([
    ['R-03 after the answer leaves a connection that works where the provider lets a used token come again for five seconds', 5_000],
    ['R-03 after the answer is told the team where the provider revokes the grant', undefined],
  ])('%s', async (_, graceMs) => {
    const grant = new RotatingGrant(proxy.upstream, graceMs === undefined ? {} : { graceMs });
    const connection = await aConnection(grant);
    const answer = grant.holdAnswer();
    callVictim(connection);
    await expect.poll(() => grant.issued).toBe(1);
    await lock.query('SELECT 1 FROM refresh_attempt WHERE connection_id = $1 FOR UPDATE', [connection.id]);
    answer();
    await killAt('update refresh_attempt set response');
    await expectRecovery(grant, connection, graceMs !== undefined);
  });

  it('R-03 after the answer is stored leaves a connection that works, without another token call', async () => {
    const grant = new RotatingGrant(proxy.upstream);
    const connection = await aConnection(grant);
    const answer = grant.holdAnswer();
    callVictim(connection);
    await expect.poll(() => grant.issued).toBe(1);
    await lock.query('SELECT 1 FROM connection WHERE id = $1 FOR UPDATE', [connection.id]);
    answer();
    await killAt('update connection set credentials');
    expect((await callSurvivor(connection)).status).toBe(200);
    expect([grant.calls, grant.reused, await state(connection)]).toEqual([1, 0, { version: 2, outcomes: ['applied'], webhooks: 0, errors: 0 }]);
  });

  it('R-03 after the commit leaves a connection that works', async () => {
    const grant = new RotatingGrant(proxy.upstream);
    const connection = await aConnection(grant);
    proxy.upstream.answers('/held', () => undefined);
    void proxy.call(connection, '/held', {}, victim.url).catch(() => undefined);
    await expect.poll(() => state(connection), { timeout: 10_000 }).toMatchObject({ version: 2 });
    await victim.crash();
    expect(await isLeased(connection)).toBe(false);
    expect((await callSurvivor(connection)).status).toBe(200);
    expect([grant.calls, grant.reused]).toEqual([1, 0]);
  });

  /** Without anybody asking the old token is tried once more; a refusal is told, and is no suspicion: it was us who used the token twice. */
  async function expectRecovery(grant: RotatingGrant, connection: TestConnection, works: boolean): Promise<void> {
    await expect.poll(() => state(connection), { timeout: 10_000 }).toMatchObject(works ? { version: 2 } : { errors: 1 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => callSurvivor(connection)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([works ? 200 : 424]));
    expect([grant.calls, grant.reused]).toEqual([2, 1]);
    expect(await state(connection)).toEqual(
      works
        ? { version: 2, outcomes: ['unknown', 'applied'], webhooks: 0, errors: 0 }
        : { version: 1, outcomes: ['unknown', 'rejected'], webhooks: 1, errors: 1 },
    );
    const suspicions = await rows(
      `SELECT 1 FROM operation_message m JOIN operation o ON o.id = m.operation_id WHERE o.connection_id = $1 AND m.meta ->> 'event' = 'auth.reuse_suspected'`,
      connection.connectionId,
    );
    expect(suspicions).toHaveLength(0);
  }
});
