import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { barrier } from '../test/crash-points.js';
import { ProxyProcess } from '../test/proxy-process.js';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { StrictTokens } from '../test/strict-tokens.js';
import { json } from '../test/upstream.js';

const oauthClient = { id: 'client', secret: 'secret' };
const never = new Promise<void>(() => undefined);

describe('R-03 a process that is killed while it renews a token', () => {
  let proxy: TestProxy;
  let victim: ProxyProcess;
  let tokens: StrictTokens;
  let connection: TestConnection;
  beforeAll(async () => {
    proxy = await TestProxy.start();
    // Whose process is gone is not judged in the first seconds of Postgres.
    while (!(await isSettled())) await wait(200);
    await proxy.pool.query(`UPDATE environment SET webhook_url = 'https://product.example/hook', on_auth_refresh_error = true`);
  });
  afterAll(() => proxy?.stop());
  beforeEach(async () => {
    victim = await ProxyProcess.start(proxy.settings);
  });
  afterEach(() => victim.crash());

  const isSettled = async (): Promise<boolean> =>
    (await proxy.pool.query<{ is: boolean }>(`SELECT pg_postmaster_start_time() < now() - interval '15 seconds' AS is`)).rows[0]?.is ?? false;
  const prepare = async (graceMs = 0): Promise<void> => {
    tokens = new StrictTokens(graceMs);
    proxy.upstream.answers('/oauth/token', tokens.answer);
    proxy.upstream.answers('/items', ({ headers }, response) => json(headers.authorization === `Bearer access-1` ? 200 : 401, {})({} as never, response)); // `json` looks at no request
    const credentials = { type: 'OAUTH2' as const, access_token: 'old', refresh_token: tokens.refreshToken, expires_at: new Date(Date.now() - 1_000), raw: {} };
    connection = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials, oauthClient });
  };
  const callVictim = (): void => void proxy.call(connection, '/items', {}, victim.url).catch(() => undefined);
  /** The first call after the crash, by another process. */
  const callNext = async (): Promise<number> => (await proxy.call(connection, '/items')).status;
  const problems = async () => (await proxy.pool.query(`SELECT 1 FROM connection_error WHERE connection_id = $1`, [connection.id])).rowCount;
  const webhooks = async () => (await proxy.pool.query(`SELECT 1 FROM outbox_event WHERE body LIKE '%' || $1 || '%'`, [connection.connectionId])).rowCount;
  /** Where the token endpoint stands still, once it has been asked for the first time. */
  const standstill = (moment: 'beforeSpending' | 'afterSpending'): Promise<void> =>
    new Promise((reached) => {
      tokens[moment] = (count) => (count === 1 ? (reached(), never) : undefined);
    });

  it('before the call works again without anybody, and the token is spent once', async () => {
    await prepare();
    const wall = await barrier(proxy.pool, 'LOCK TABLE refresh_attempt', /refresh_attempt/);
    callVictim();
    await wall.reached();
    await victim.crash();
    await wall.drop();
    expect([await callNext(), tokens.calls, tokens.doubleUses]).toEqual([200, 1, 0]);
  });

  it('after it has sent, before the token was spent, works again', async () => {
    await prepare();
    const reached = standstill('beforeSpending');
    callVictim();
    await reached;
    await victim.crash();
    expect([await callNext(), tokens.calls, tokens.doubleUses]).toEqual([200, 2, 0]);
  });

  it('after the token was spent works again where the provider grants a grace of five seconds', async () => {
    await prepare(5_000);
    const reached = standstill('afterSpending');
    callVictim();
    await reached;
    await victim.crash();
    expect([await callNext(), tokens.calls, tokens.isRevoked]).toEqual([200, 2, false]);
  });

  it('after the token was spent is made good within such a grace although nobody asks', async () => {
    await prepare(5_000);
    const reached = standstill('afterSpending');
    callVictim();
    await reached;
    await victim.crash();
    const versionNow = async () =>
      (await proxy.pool.query<{ version: number }>('SELECT credential_version AS version FROM connection WHERE id = $1', [connection.id])).rows[0]?.version;
    await expect.poll(versionNow, { timeout: 10_000 }).toBe(2);
    expect([tokens.calls, tokens.isRevoked]).toEqual([2, false]);
  });

  it('after the token was spent says so where there is no grace, after one further try', async () => {
    await prepare();
    const reached = standstill('afterSpending');
    callVictim();
    await reached;
    await victim.crash();
    expect(await callNext()).toBe(424);
    expect(await callNext()).toBe(424);
    expect([tokens.calls, tokens.doubleUses, await problems(), await webhooks()]).toEqual([2, 1, 1, 1]);
  });

  it('after the answer, before it was stored, works again where the provider grants a grace of five seconds', async () => {
    await prepare(5_000);
    let wall: Awaited<ReturnType<typeof barrier>> | undefined;
    tokens.afterSpending = async (count) => {
      if (count === 1) wall = await barrier(proxy.pool, 'LOCK TABLE refresh_attempt', /update refresh_attempt set response/);
    };
    callVictim();
    await expect.poll(() => wall).toBeDefined();
    await wall?.reached();
    await victim.crash();
    await wall?.drop();
    expect([await callNext(), tokens.calls, tokens.isRevoked]).toEqual([200, 2, false]);
  });

  it('after the answer was stored works again, and the token is spent once', async () => {
    await prepare();
    let wall: Awaited<ReturnType<typeof barrier>> | undefined;
    tokens.afterSpending = async () => {
      wall ??= await barrier(proxy.pool, `SELECT 1 FROM connection WHERE id = ${connection.id} FOR UPDATE`, /update connection set credentials/);
    };
    callVictim();
    await expect.poll(() => wall).toBeDefined();
    await wall?.reached();
    await victim.crash();
    await wall?.drop();
    expect([await callNext(), tokens.calls, tokens.doubleUses]).toEqual([200, 1, 0]);
  });

  it('after the commit works again, and the token is spent once', async () => {
    await prepare();
    const reached = new Promise<void>((resolve) => {
      proxy.upstream.answers('/items', () => resolve(), json(200, {}));
    });
    callVictim();
    await reached;
    await victim.crash();
    expect([await callNext(), tokens.calls, tokens.doubleUses]).toEqual([200, 1, 0]);
  });
});
