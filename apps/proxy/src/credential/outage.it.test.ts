import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CutCable } from '../test/cut-cable.js';
import { ProxyProcess } from '../test/proxy-process.js';
import { TestProxy } from '../test/proxy.js';
import { RotatingGrant } from '../test/rotating-grant.js';

describe('a database that is away when the answer of a token endpoint comes', () => {
  let proxy: TestProxy;
  let cable: CutCable;
  let processes: ProxyProcess[] = [];
  beforeAll(async () => {
    proxy = await TestProxy.start();
    await proxy.standAside(); // it would see the database all the time
    cable = await CutCable.to(proxy.databaseUrl);
    processes = await ProxyProcess.startMany(2, { ...proxy.settings, NANGO_DATABASE_URL: cable.through(proxy.databaseUrl) });
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await cable?.remove();
    await proxy?.stop();
  });

  it.each([
    ['R-04 gets the new token when it is back', false],
    ['R-04 gets the new token when it is back after the lease has lapsed, although others want the lease, too', true],
  ])('%s', async (_, lapses) => {
    const grant = new RotatingGrant(proxy.upstream);
    const oauthClient = { id: 'client', secret: 'secret' };
    const connection = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials: grant.credentials, oauthClient });
    const answer = grant.holdAnswer();
    const first = proxy.call(connection, '/items', {}, processes[0]?.url);
    await expect.poll(() => grant.issued, { timeout: 10_000 }).toBe(1);
    cable.cut();
    answer();
    const attemptsBefore = cable.attempts;
    await expect.poll(() => cable.attempts - attemptsBefore, { timeout: 30_000 }).toBeGreaterThan(10);
    if (lapses) await proxy.pool.query('UPDATE connection SET lease_until = now() WHERE id = $1 AND lease_token IS NOT NULL', [connection.id]);
    cable.mend();
    const calls = processes.flatMap(({ url }) => Array.from({ length: 10 }, () => proxy.call(connection, '/items', {}, url)));
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect([(await first).status, grant.calls, grant.reused, grant.revoked]).toEqual([200, 1, 0, false]);
  });

  it('R-04 gets the new token from a process that is told to stop meanwhile, and whose caller has gone', async () => {
    const grant = new RotatingGrant(proxy.upstream);
    const oauthClient = { id: 'client', secret: 'secret' };
    const connection = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials: grant.credentials, oauthClient });
    const answer = grant.holdAnswer();
    const gone = new AbortController();
    const first = proxy.call(connection, '/items', { signal: gone.signal }, processes[0]?.url).catch(() => undefined);
    await expect.poll(() => grant.issued, { timeout: 10_000 }).toBe(1);
    gone.abort();
    await first;
    cable.cut();
    answer();
    const stopped = processes[0]?.stop();
    const attemptsBefore = cable.attempts;
    await expect.poll(() => cable.attempts - attemptsBefore, { timeout: 30_000 }).toBeGreaterThan(5);
    cable.mend();
    await stopped;
    expect((await proxy.call(connection, '/items', {}, processes[1]?.url)).status).toBe(200);
    expect([grant.calls, grant.reused]).toEqual([1, 0]);
  });
});
