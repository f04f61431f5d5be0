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
