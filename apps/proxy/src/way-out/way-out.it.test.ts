import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from 'stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestConnection, TestProxy } from '../test/proxy.js';
import { Upstream } from '../test/upstream.js';

describe('the way to a host', () => {
  let proxy: TestProxy;
  let stalled: Upstream;
  let deadPort: number;
  const open: (() => void)[] = [];
  beforeAll(async () => {
    [stalled, deadPort] = await Promise.all([Upstream.start(), freePort()]);
    stalled.answers('/stall', (_, response) => void open.push(() => response.end('{}')));
    proxy = await TestProxy.start({ NANGO_EGRESS_ALLOW: `${new URL(stalled.url).host},127.0.0.1:${deadPort}` });
  });
  afterAll(async () => {
    await proxy?.stop();
    await stalled?.stop();
  });

  const p95 = async (connection: TestConnection, calls = 120): Promise<number> => {
    const times: number[] = [];
    for (let call = 0; call < calls; call++) {
      const startedAt = performance.now();
      const response = await proxy.call(connection, '/quick');
      expect(response.status).toBe(200);
      await response.text();
      times.push(performance.now() - startedAt);
    }
    return times.sort((a, b) => a - b)[Math.floor(calls * 0.95)] ?? 0;
  };

  it('is free for other hosts and other environments while one host answers none of 200 calls', { timeout: 60_000 }, async () => {
    const [same, other] = [await proxy.aConnection(), await proxy.aConnection({ environment: 'prod' })];
    const slow = await proxy.aConnection({ connectionConfig: { baseUrl: stalled.url } });
    await p95(same);
    const alone = Math.max(await p95(same), await p95(other));
    const callers = new AbortController();
    const calls = Array.from({ length: 200 }, () => proxy.call(slow, '/stall', { signal: callers.signal }).catch(() => null));
    while (open.length < 64) await wait(10);
    const beside = [await p95(same), await p95(other)];
    // More were never let through to the stalled one at once.
    expect(stalled.seen.length).toBe(64);
    // Within what a busy machine does by itself; a starved call would wait for seconds.
    expect(Math.max(...beside)).toBeLessThan(Math.max(alone * 4, 50));
    // The others come as soon as there is room.
    for (const answer of open.splice(0)) answer();
    while (stalled.seen.length < 128) await wait(10);
    callers.abort();
    await Promise.all(calls);
    const after = await proxy.call(slow, '/quick');
    expect(after.status).toBe(200);
  });

  it('is closed after failures in a row, says when to come back, and opens when the host is back', { timeout: 30_000 }, async () => {
    const [connection, other] = [
      await proxy.aConnection({ connectionConfig: { baseUrl: `http://127.0.0.1:${deadPort}` } }),
      await proxy.aConnection({ environment: 'prod', connectionConfig: { baseUrl: `http://127.0.0.1:${deadPort}` } }),
    ];
    const ask = async (path = '/x') => {
      const response = await proxy.call(connection, path);
      return { status: response.status, retryAfter: response.headers.get('retry-after'), body: (await response.json()) as { error?: { code: string } } };
    };
    for (let failure = 0; failure < 5; failure++) expect((await ask()).body.error?.code).toBe('upstream_unreachable');
    const refused = await ask();
    expect(refused).toMatchObject({ status: 503, retryAfter: '1', body: { error: { code: 'upstream_circuit_open', payload: { retryAfterSeconds: 1 } } } });
    // Another environment finds out by itself.
    expect(((await (await proxy.call(other, '/x')).json()) as { error: { code: string } }).error.code).toBe('upstream_unreachable');
    const back = await Upstream.start(deadPort);
    try {
      expect((await ask()).body.error?.code).toBe('upstream_circuit_open');
      await wait(1_050);
      expect((await ask('/probe')).status).toBe(200);
      expect((await ask('/next')).status).toBe(200);
    } finally {
      await back.stop();
    }
  });

  it('lets a caller who writes everything before it reads hear that it is closed', { timeout: 30_000 }, async () => {
    const connection = await proxy.aConnection({ connectionConfig: { baseUrl: `http://127.0.0.1:${deadPort}` } });
    for (let failure = 0; failure < 5; failure++) expect((await proxy.call(connection, '/x')).status).toBe(502);
    const body = Buffer.alloc(40_000_000, 'a');
    const headers = {
      host: 'proxy',
      authorization: `Bearer ${proxy.environments.dev.secretKey}`,
      'provider-config-key': connection.providerConfigKey,
      'connection-id': connection.connectionId,
      'content-length': body.length,
    };
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1').pause();
    socket.write(`POST /proxy/upload HTTP/1.1\r\n${head.join('')}\r\n`);
    await new Promise((resolve) => socket.write(body, resolve));
    const [answer] = await once(socket.resume(), 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 503 /);
    socket.destroy();
  });

  it('is not closed by redirects to a host that does not answer', async () => {
    const connection = await proxy.aConnection();
    proxy.upstream.answers('/moved', (_, response) => void response.writeHead(302, { location: `http://127.0.0.1:${deadPort}/x` }).end());
    for (let call = 0; call < 8; call++) {
      const answer = await proxy.call(connection, '/moved');
      expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([502, 'upstream_unreachable']);
    }
    expect((await proxy.call(connection, '/well')).status).toBe(200);
  });

  it('is not closed by callers in a hurry', async () => {
    const connection = await proxy.aConnection();
    proxy.upstream.answers('/silent', () => undefined);
    const hurried = () => proxy.call(connection, '/silent', { headers: { 'timeout-ms': '100' } });
    for (const answer of await Promise.all(Array.from({ length: 8 }, hurried))) expect(answer.status).toBe(504);
    expect((await proxy.call(connection, '/well')).status).toBe(200);
  });

  it('stays open for a host that answers, whatever it answers', async () => {
    const connection = await proxy.aConnection();
    proxy.upstream.answers('/ill', (_, response) => void response.writeHead(503).end());
    for (let call = 0; call < 12; call++) expect((await proxy.call(connection, '/ill')).status).toBe(503);
    expect((await proxy.call(connection, '/well')).status).toBe(200);
  });
});
