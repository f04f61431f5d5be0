import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { anHttpPeer, bodyOf } from '../../test/http-peer.js';
import { aServer, type TestServer } from '../../test/server.js';

describe('the way through to the proxy', () => {
  let server: TestServer;
  let peer: Awaited<ReturnType<typeof anHttpPeer>>;
  let answer: (request: IncomingMessage, response: ServerResponse) => unknown;

  beforeAll(async () => {
    peer = await anHttpPeer((request, response) => void answer(request, response));
    server = await aServer({ PROXY_URL: peer.url });
  });
  afterAll(async () => {
    await server?.close();
    await peer?.close();
  });

  it('hands on path, query and headers as they came', async () => {
    const seen: { url?: string | undefined; headers: IncomingMessage['headers'] }[] = [];
    answer = (request, response) => {
      seen.push({ url: request.url, headers: request.headers });
      response.end('{}');
    };
    await server.ask('/proxy/a%2Fb/c?x=1&x=2&y=%20+', {
      headers: { 'connection-id': 'c', 'provider-config-key': 'k', 'Nango-Proxy-X-Trace': 't', 'base-url-override': '' },
    });
    expect(seen[0]?.url).toBe('/proxy/a%2Fb/c?x=1&x=2&y=%20+');
    expect(seen[0]?.headers).toMatchObject({
      authorization: `Bearer ${server.environments.dev.secretKey}`,
      'connection-id': 'c',
      'nango-proxy-x-trace': 't',
      'base-url-override': '',
      host: new URL(peer.url).host,
    });
  });

  it.each(['/proxy', '/proxy?x=1', '/proxy/'])('hands on %s, which is the base URL itself', async (path) => {
    answer = (request, response) => response.end(JSON.stringify(request.url));
    expect((await server.ask(path)).body).toBe(path);
  });

  it('hands on nothing that only begins alike', async () => {
    answer = (_, response) => response.end('{}');
    expect((await server.ask('/proxying')).status).toBe(404);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('hands on the bytes of a %s, of any type and size', async (method) => {
    const sent = randomBytes(200_000);
    answer = async (request, response) => {
      const got = await bodyOf(request);
      response.end(JSON.stringify({ method: request.method, type: request.headers['content-type'], same: got.equals(sent) }));
    };
    const response = await fetch(`${server.url}/proxy/x`, { method, body: sent, headers: { 'content-type': 'multipart/form-data; boundary=x' } });
    expect(await response.json()).toEqual({ method, type: 'multipart/form-data; boundary=x', same: true });
  });

  it('hands back an answer that comes before the whole body has', async () => {
    answer = (request, response) => {
      request.resume();
      response.writeHead(413).end('too large');
    };
    const { hostname, port } = new URL(server.url);
    const caller = httpRequest({ hostname, port, path: '/proxy/x', method: 'POST' });
    caller.on('error', () => undefined).setMaxListeners(0);
    const answered = once(caller, 'response') as Promise<[IncomingMessage]>;
    const status = answered.then(([response]) => response.resume().statusCode);
    for (let sent = 0; sent < 64 && !caller.destroyed; sent++) {
      if (caller.write(Buffer.alloc(256 * 1024))) continue;
      if ((await Promise.race([once(caller, 'drain'), status, once(caller, 'close')])) === 413) break;
    }
    expect(await status).toBe(413);
    caller.destroy();
  });

  it('hands back status, headers and an empty body', async () => {
    answer = (_, response) => response.writeHead(204, { 'x-request-id': 'r', 'set-cookie': ['a=1', 'b=2'] }).end();
    const response = await fetch(`${server.url}/proxy/x`, { method: 'DELETE' });
    expect([response.status, response.headers.get('x-request-id'), response.headers.getSetCookie(), await response.text()]).toEqual([
      204,
      'r',
      ['a=1', 'b=2'],
      '',
    ]);
  });

  it('lets an error of the proxy stand', async () => {
    answer = (_, response) => response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"code":"unknown_account"}}');
    const response = await server.ask('/proxy/x', { as: null });
    expect([response.status, response.body]).toEqual([401, { error: { code: 'unknown_account' } }]);
  });

  it('is open to pages of any origin, whatever the API says', async () => {
    answer = (_, response) => response.setHeader('access-control-allow-origin', 'https://api.example').end('{}');
    const response = await server.ask('/proxy/x', { headers: { origin: 'https://a.example' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('brings the answer as it comes, not when it is whole', async () => {
    const pending: ServerResponse[] = [];
    answer = (_, response) => {
      response.write('first');
      pending.push(response);
    };
    const response = await fetch(`${server.url}/proxy/x`);
    const reader = response.body!.getReader(); // an answer with a body
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('first');
    pending[0]?.end('second');
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('second');
  });

  it('brings the request as it comes, not when it is whole', async () => {
    const firstBytes = new Promise<string>((resolve) => {
      answer = (request, response) => {
        request.once('data', (chunk: Buffer) => resolve(chunk.toString()));
        request.on('end', () => response.end('done'));
      };
    });
    const request = httpRequest(`${server.url}/proxy/x`, { method: 'POST', headers: { 'content-type': 'text/plain' } });
    request.write('first');
    expect(await firstBytes).toBe('first');
    request.end('second');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect((await bodyOf(response)).toString()).toBe('done');
  });

  it('gives up the call when the caller leaves', async () => {
    const closed = vi.fn();
    const arrived = new Promise<void>((resolve) => {
      answer = (request) => {
        request.socket.once('close', closed);
        resolve();
      };
    });
    const caller = new AbortController();
    const call = fetch(`${server.url}/proxy/x`, { signal: caller.signal }).catch(() => undefined);
    await arrived;
    caller.abort();
    await call;
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
  });

  it('breaks off an answer that broke off, instead of ending it as if it were whole', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(fetch(`${server.url}/proxy/x`).then((response) => response.text())).rejects.toThrow('terminated');
    answer = (_, response) => {
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(fetch(`${server.url}/proxy/x`).then((response) => response.text())).rejects.toThrow('terminated');
  });

  it('answers service_unavailable while the proxy is away', async () => {
    const lonely = await aServer({ PROXY_URL: 'http://127.0.0.1:9' });
    try {
      const response = await lonely.ask('/proxy/x');
      expect([response.status, response.body.error.code]).toEqual([503, 'service_unavailable']);
      expect(JSON.stringify(response.body)).not.toContain('127.0.0.1');
    } finally {
      await lonely.close();
    }
  });
});
