import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProxyProcess } from '../test/proxy-process.js';
import { TestProxy } from '../test/proxy.js';
import { RotatingGrant } from '../test/rotating-grant.js';

const oauthClient = { id: 'client', secret: 'secret' };

describe('an expired token at a provider that revokes a grant whose refresh token comes twice', () => {
  let proxy: TestProxy;
  let processes: ProxyProcess[] = [];
  beforeAll(async () => {
    proxy = await TestProxy.start();
    processes = await ProxyProcess.startMany(4, proxy.settings);
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await proxy?.stop();
  });

  it.each([
    ['R-01 is renewed with one token call for 25 callers at each of four processes', 0],
    ['R-02 is renewed with one token call when the endpoint takes twelve seconds', 12_000],
  ])('%s', async (_, delayMs) => {
    const grant = new RotatingGrant(proxy.upstream, { delayMs });
    const connection = await proxy.aConnection({ provider: 'demo-tracker-oauth', credentials: grant.credentials, oauthClient });
    const calls = processes.flatMap(({ url }) => Array.from({ length: 25 }, () => proxy.call(connection, '/items', {}, url)));
    const answers = await Promise.all(calls);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
    expect([grant.calls, grant.reused, grant.revoked]).toEqual([1, 0, false]);
  });
});
