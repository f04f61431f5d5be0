import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { Nango as CurrentClient } from 'current-client';
import { Nango as PublishedClient } from 'published-client';
import { Product, sharedStack } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Nango } from './index.js';

type Seen = { method: string; url: string; headers: IncomingHttpHeaders; body: Buffer };
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, n) => n));

// The clients that are out in the world, of the yaml era's end and of today, and our own: one behaviour.
describe.each([
  ['the published client 0.58', PublishedClient as unknown as typeof Nango],
  ['the published client 0.71', CurrentClient as unknown as typeof Nango],
  ['our own client', Nango],
])("a proxy call of %s against the running platform's server", (_, Client) => {
  const seen: Seen[] = [];
  const turns = new Map<string, ((response: ServerResponse, asked: Seen) => void)[]>();
  let api: Server;
  let nango: Nango;
  let place: { providerConfigKey: string; connectionId: string };

  beforeAll(async () => {
    api = createServer(async (request, response) => {
      const asked = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: await buffer(request) };
      seen.push(asked);
      const turn = turns.get(asked.url.split('?')[0] ?? '')?.shift();
      if (turn) return turn(response, asked);
      response
        .writeHead(200, { 'content-type': 'application/json', 'x-api': 'yes' })
        .end(JSON.stringify({ method: asked.method, url: asked.url, sent: asked.body.toString() }));
    });
    await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
    const stack = await sharedStack();
    const product = new Product(stack, `http://127.0.0.1:${(api.address() as AddressInfo).port}`); // listens on TCP
    nango = new Client({ host: stack.serverUrl, secretKey: stack.secretKey });
    const providerConfigKey = await product.integration();
    place = { providerConfigKey, connectionId: await product.connection(providerConfigKey) };
  });
  afterAll(() => api?.close());
  const last = (): Seen => seen.at(-1) ?? { method: '', url: '', headers: {}, body: Buffer.alloc(0) };

  it('is a GET that answers as axios does', async () => {
    const { status, data, headers } = await nango.get<object>({ ...place, endpoint: '/items?a=1' });
    expect([status, data, headers['x-api']]).toEqual([200, { method: 'GET', url: '/items?a=1', sent: '' }, 'yes']);
    expect(last().headers.authorization).toBe('Bearer secret-of-the-api');
  });

  // The client of 0.58 has no `put` of its own.
  it.each(['post', 'put', 'patch', 'delete'] as const)('is a %s with a body', async (method) => {
    const { data } = await nango.proxy<object>({ ...place, endpoint: 'items/1', method: method.toUpperCase() as 'POST', data: { n: 1, s: 'ü' } });
    expect(data).toEqual({ method: method.toUpperCase(), url: '/items/1', sent: '{"n":1,"s":"ü"}' });
    expect(last().headers['content-type']).toBe('application/json');
  });

  it('takes its method from its configuration, in either case', async () => {
    for (const method of ['PATCH', 'patch'] as const) {
      await nango.proxy({ ...place, endpoint: '/items', method: method as 'PATCH', data: {} });
      expect(last().method).toBe('PATCH');
    }
  });

  it('writes a list of params as one value with commas, and leaves a text of params alone', async () => {
    await nango.get({ ...place, endpoint: '/items', params: { tag: ['a b', 'c'], n: 2 } as never });
    expect(last().url).toBe('/items?tag=a+b%2Cc&n=2');
    await nango.get({ ...place, endpoint: '/items', params: 'tag=a&tag=b' });
    expect(last().url).toBe('/items?tag=a&tag=b');
  });

  it("brings the caller's headers, before those of the connection", async () => {
    await nango.get({ ...place, endpoint: '/items', headers: { 'X-Tenant': 't', Authorization: 'own', Accept: 'text/csv' } });
    expect(last().headers).toMatchObject({ 'x-tenant': 't', authorization: 'own', accept: 'text/csv' });
    for (const ours of ['connection-id', 'provider-config-key', 'nango-is-sync', 'base-url-override', 'retries']) expect(last().headers[ours]).toBeUndefined();
  });

  it('is tried again so often as it says, a POST too', async () => {
    const refuse = (response: ServerResponse): void => void response.writeHead(429, { 'retry-after': '0' }).end('{}');
    turns.set('/flaky', [refuse, refuse]);
    const before = seen.length;
    const { data } = await nango.post<{ sent: string }>({ ...place, endpoint: '/flaky', data: { n: 1 }, retries: 2 });
    expect([data.sent, seen.length - before]).toEqual(['{"n":1}', 3]);
    turns.set('/flaky', [refuse]);
    await expect(nango.get({ ...place, endpoint: '/flaky' })).rejects.toMatchObject({ response: { status: 429 } });
  });

  it('is tried again after the statuses that it names', async () => {
    turns.set('/named', [(response) => void response.writeHead(409).end()]);
    const startedAt = Date.now();
    expect((await nango.get({ ...place, endpoint: '/named', retries: 1, retryOn: [409] })).status).toBe(200);
    expect(Date.now() - startedAt).toBeGreaterThan(2_900);
  });

  it('gets bytes as they are', async () => {
    turns.set('/file', [(response) => void response.writeHead(200, { 'content-type': 'image/png' }).end(everyByte)]);
    const { data } = await nango.get<ArrayBuffer>({ ...place, endpoint: '/file', responseType: 'arraybuffer' });
    expect(Buffer.from(data)).toEqual(everyByte);
  });

  it('gets a stream that begins before the answer ends', async () => {
    const { promise: read, resolve: finish } = Promise.withResolvers<void>();
    turns.set('/events', [
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('one');
        void read.then(() => response.end('two'));
      },
    ]);
    const { data } = await nango.get<Readable>({ ...place, endpoint: '/events', responseType: 'stream' });
    const chunks: string[] = [];
    for await (const chunk of data) {
      chunks.push(String(chunk));
      finish();
    }
    expect(chunks.join('')).toBe('onetwo');
    expect(chunks[0]).toBe('one');
  });

  it('sends bytes as they are', async () => {
    await nango.post({ ...place, endpoint: '/file', data: everyByte as never, headers: { 'content-type': 'application/octet-stream' } });
    expect(last().body).toEqual(everyByte);
    expect(last().headers['content-type']).toBe('application/octet-stream');
  });

  it('sends a form as one', async () => {
    await nango.post({
      ...place,
      endpoint: '/form',
      data: new URLSearchParams({ a: '1', b: 'x y' }) as never,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([last().body.toString(), last().headers['content-type']]).toEqual(['a=1&b=x+y', expect.stringContaining('application/x-www-form-urlencoded')]);
  });

  it('sends text, also XML', async () => {
    await nango.proxy({ ...place, method: 'PUT', endpoint: '/soap', data: '<a>ü</a>', headers: { 'content-type': 'text/xml' } });
    expect([last().body.toString(), last().headers['content-type']]).toEqual(['<a>ü</a>', expect.stringContaining('text/xml')]);
  });

  it('goes to the base URL that it names', async () => {
    const other = createServer((request, response) => void response.end(JSON.stringify({ other: request.url })));
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const baseUrlOverride = `http://127.0.0.1:${(other.address() as AddressInfo).port}/v2`; // listens on TCP
    expect((await nango.get({ ...place, endpoint: '/items', baseUrlOverride })).data).toEqual({ other: '/v2/items' });
    expect((await nango.get<{ url: string }>({ ...place, endpoint: '/items', baseUrlOverride: '' })).data.url).toBe('/items');
    other.close();
  });

  it.each([true, false])('gets a compressed answer as what it is, with decompress: %s', async (decompress) => {
    turns.set('/zip', [
      (response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}')),
    ]);
    // Not decoded on the way, it is by axios.
    expect((await nango.get({ ...place, endpoint: '/zip', decompress })).data).toEqual({ a: 1 });
  });

  it('throws what axios throws, with the answer of the API', async () => {
    turns.set('/missing', [(response) => void response.writeHead(404, { 'content-type': 'application/json' }).end('{"why":"gone"}')]);
    await expect(nango.get({ ...place, endpoint: '/missing' })).rejects.toMatchObject({ isAxiosError: true, response: { status: 404, data: { why: 'gone' } } });
    const unknown = { ...place, connectionId: 'nobody', endpoint: '/x' };
    await expect(nango.get(unknown)).rejects.toMatchObject({ response: { status: 404, data: { error: { code: 'unknown_connection' } } } });
  });
});
