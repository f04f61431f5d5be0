import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProxy, type TestConnection } from '../test/proxy.js';

/** The reliability document's targets that need no name server; its spellings, its addresses, its schemes. */
const targets = `
  http://127.0.0.1/ http://127.0.0.1:5432/ http://127.1/ http://2130706433/ http://0x7f000001/ http://0177.0.0.1/ http://0/ http://0.0.0.0/
  http://localhost/ http://localhost./ http://LOCALHOST%2e/ http://foo.localhost/ http://[::1]/ http://[::]/ http://[::ffff:127.0.0.1]/
  http://[::ffff:7f00:1]/ http://[::127.0.0.1]/ http://[64:ff9b::7f00:1]/ http://[64:ff9b::a9fe:a9fe]/ http://[64:ff9b:1::1]/
  http://[2002:7f00:1::]/ http://[2002:a9fe:a9fe::]/ http://[2001:0:7f00:1::]/ http://[fe80::1]/ http://[fec0::1]/ http://[fc00::1]/
  http://[fd00:ec2::254]/ http://[ff02::1]/ http://169.254.169.254/latest/meta-data/ http://169.254.170.2/ http://169.254.0.1/
  http://0251.0376.0251.0376/ http://169。254。169。254/ http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/ http://user@169.254.169.254/
  http://api.example.com@169.254.169.254/ http://169.254.169.254#@api.example.com/ http://metadata.google.internal/ http://metadata.goog/
  http://100.100.100.200/ http://192.0.0.192/ http://168.63.129.16/ http://10.0.0.1/ http://172.16.0.1/ http://172.31.255.255/
  http://192.168.1.1/ http://100.64.0.1/ http://198.18.0.1/ http://224.0.0.1/ http://240.0.0.1/ http://255.255.255.255/ http://192.0.2.1/
  file:///etc/passwd gopher://127.0.0.1:6379/_INFO http+unix://%2Fvar%2Frun%2Fdocker.sock/info`
  .trim()
  .split(/\s+/);

describe("a script's way out", () => {
  let proxy: TestProxy;
  let connection: TestConnection;
  let token: string;
  beforeAll(async () => {
    proxy = await TestProxy.start();
    connection = await proxy.aConnection();
    token = (await proxy.anExecution(connection)).token;
  });
  afterAll(() => proxy?.stop());

  const call = (request: object, bearer = token) => proxy.inside('calls', bearer, { call: randomUUID(), method: 'GET', endpoint: '/x', ...request });

  it.each(targets)('E35 does not lead to %s', async (baseUrlOverride) => {
    const before = proxy.upstream.seen.length;
    const answer = await call({ baseUrlOverride });
    expect(answer.status).toBe(400);
    expect(proxy.upstream.seen.length).toBe(before);
  });

  it('E36 leads to no other connection or environment, whoever is asked for it', async () => {
    const others = [await proxy.aConnection(), await proxy.aConnection({ environment: 'prod' }), { ...connection, connectionId: 'nope' }];
    for (const { connectionId, providerConfigKey } of others) expect((await call({ connectionId, providerConfigKey })).status).toBe(403);
  });

  it('E36 is closed to made-up tokens, and to true ones once the execution is over', async () => {
    expect((await call({}, `exe_${'x'.repeat(43)}`)).status).toBe(401);
    const ended = await proxy.anExecution(connection);
    expect((await call({}, ended.token)).status).toBe(200);
    await proxy.pool.query(`UPDATE execution SET status = 'succeeded' WHERE id = $1`, [ended.id]);
    expect((await call({}, ended.token)).status).toBe(401);
  });
});
