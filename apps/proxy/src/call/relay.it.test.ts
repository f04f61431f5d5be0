import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProxy } from '../test/proxy.js';

describe('an answer on its way to the caller', () => {
  let proxy: TestProxy;
  beforeAll(async () => {
    proxy = await TestProxy.start();
  });
  afterAll(() => proxy?.stop());

  it('shows its head before there is any body', async () => {
    const connection = await proxy.aConnection();
    let finish = (): void => undefined;
    proxy.upstream.answers('/events', (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      finish = () => response.end('data: 1\n\n');
    });
    const response = await proxy.call(connection, '/events');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    finish();
    expect(await response.text()).toBe('data: 1\n\n');
  });

  it('that is cut at the API is cut also right behind another one on the same connection', { timeout: 30_000 }, async () => {
    const connection = await proxy.aConnection();
    proxy.upstream.answers('/whole', (_, response) => void response.end('x'.repeat(40_000)));
    proxy.upstream.answers('/cut', (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('half');
      setTimeout(() => response.req.socket.destroy(), 5);
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (path: string) =>
      new Promise<string>((resolve) => {
        const { connectionId, providerConfigKey, environment } = connection;
        const authorization = `Bearer ${proxy.environments[environment].secretKey}`;
        const headers = { authorization, 'connection-id': connectionId, 'provider-config-key': providerConfigKey };
        const sent = request(`${proxy.url}/proxy${path}`, { agent, headers }, (response) => {
          response.on('end', () => resolve('whole')).on('error', () => resolve('cut'));
          response.resume();
        });
        sent.on('error', () => resolve('cut')).setTimeout(5_000, () => resolve('stuck'));
        sent.end();
      });
    const seen: string[] = [];
    for (let round = 0; round < 60; round++) seen.push(await ask('/whole'), await ask('/cut'));
    expect(seen).toEqual(Array.from({ length: 60 }, () => ['whole', 'cut']).flat());
    agent.destroy();
  });

  it('that is cut at the API is cut for the caller, with a length and without', async () => {
    const connection = await proxy.aConnection();
    proxy.upstream.answers('/cut', (_, response) => {
      response.writeHead(200, { 'content-length': '300000' }).write('x'.repeat(100_000));
      setTimeout(() => response.destroy(), 30);
    });
    proxy.upstream.answers('/cut-pieces', (_, response) => {
      response.write('x'.repeat(100_000));
      setTimeout(() => response.destroy(), 30);
    });
    for (const path of ['/cut', '/cut-pieces']) {
      const response = await proxy.call(connection, path);
      await expect(response.text()).rejects.toThrow('terminated');
    }
  });
});
