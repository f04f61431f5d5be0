import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { Upstream } from '../test/upstream.js';

describe('a call that its API redirects to another host', () => {
  let proxy: TestProxy;
  let elsewhere: Upstream;
  let connection: TestConnection;
  let token: string;
  beforeAll(async () => {
    elsewhere = await Upstream.start();
    proxy = await TestProxy.start({ NANGO_EGRESS_ALLOW: new URL(elsewhere.url).host });
    connection = await proxy.aConnection();
    token = (await proxy.anExecution(connection)).token;
    proxy.upstream.answers('/moved', (_, response) => void response.writeHead(307, { location: `${elsewhere.url}/here` }).end());
  });
  afterAll(async () => {
    await proxy?.stop();
    await elsewhere?.stop();
  });

  const own = { 'nango-proxy-x-own': 'of the caller' };
  const called = async (headers: Record<string, string>) => {
    expect((await proxy.call(connection, '/moved', { headers: { ...own, ...headers } })).status).toBe(200);
    return elsewhere.last.headers;
  };
  const calledByScript = async (more: object) => {
    const request = { call: randomUUID(), method: 'GET', endpoint: '/moved', headers: { 'x-own': 'of the caller' }, ...more };
    expect((await proxy.inside('calls', token, request)).status).toBe(200);
    return elsewhere.last.headers;
  };

  it('leaves its credential and its own headers behind', async () => {
    for (const headers of [await called({}), await called({ 'forward-headers-on-redirect': 'false' }), await calledByScript({})])
      expect([headers.authorization, headers['x-own']]).toEqual([undefined, undefined]);
  });

  it('takes them along where its caller asks for that', async () => {
    for (const headers of [await called({ 'forward-headers-on-redirect': 'true' }), await calledByScript({ forwardHeadersOnRedirect: true })])
      expect([headers.authorization, headers['x-own']]).toEqual(['Bearer key', 'of the caller']);
  });
});
