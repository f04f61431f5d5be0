import { createServer, get, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProxyProcess } from '../test/proxy-process.js';
import { type TestConnection, TestProxy } from '../test/proxy.js';

const chunk = Buffer.from(Array.from({ length: 256 * 1024 }, (_, n) => (n * 7) % 251));
const wholeBytes = 2 * 1024 ** 3;
const mostGrowth = 64 * 1024 ** 2;
/** What the kernel's buffers of four sockets and the proxy may hold between one end and the other; a sender that nothing slows down is far beyond. */
const mostAhead = 128 * 1024 ** 2;
const slowBytes = 16 * 1024 ** 2;

type Count = { bytes: number; sum: number };

/** So many bytes, produced as they are taken; `sent` counts them. */
function body(bytes: number, sent: Count): Readable {
  return Readable.from(
    (function* () {
      for (; sent.bytes < bytes; sent.bytes += chunk.length) {
        sent.sum = crc32(chunk, sent.sum);
        yield chunk;
      }
    })(),
    { objectMode: false, highWaterMark: chunk.length },
  );
}

/** Reads everything: the first part slowly, asking before each pause how far ahead the sender is. */
async function read(from: Readable, sent: Count): Promise<Count & { ahead: number }> {
  const got = { bytes: 0, sum: 0, ahead: 0 };
  let pausedAt = 0;
  for await (const part of from as AsyncIterable<Buffer>) {
    got.bytes += part.length;
    got.sum = crc32(part, got.sum);
    if (got.bytes > slowBytes || got.bytes - pausedAt < chunk.length) continue;
    pausedAt = got.bytes;
    await wait(20);
    got.ahead = Math.max(got.ahead, sent.bytes - got.bytes);
  }
  return got;
}

describe.skipIf(process.platform !== 'linux')('two gigabytes through the proxy', () => {
  let api: Server;
  let proxy: TestProxy;
  let process: ProxyProcess;
  let connection: TestConnection;
  let sent: Count;
  let bytes: number;
  let received: Promise<Count & { ahead: number }>;
  beforeAll(async () => {
    api = createServer((asked, response) => {
      if (asked.url === '/small') return void response.end(chunk.subarray(0, 1024));
      if (asked.method === 'GET') {
        response.writeHead(200, asked.url === '/sized' ? { 'content-length': bytes } : {});
        return void pipeline(body(bytes, sent), response).catch(() => undefined);
      }
      received = read(asked, sent);
      void received.then(() => response.end('{}'));
    });
    await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(api.address() as AddressInfo).port}`; // listens on TCP
    proxy = await TestProxy.start({ NANGO_EGRESS_ALLOW: address });
    connection = await proxy.aConnection({ connectionConfig: { baseUrl: `http://${address}` } });
    process = await ProxyProcess.start(proxy.settings);
    await serveOrdinaryCalls();
    await upload('/sized', chunk.length * 512);
  }, 300_000);
  afterAll(async () => {
    await process?.stop();
    await proxy?.stop();
    api?.close();
  });

  const headers = () => ({
    'connection-id': connection.connectionId,
    'provider-config-key': connection.providerConfigKey,
    authorization: `Bearer ${proxy.environments.dev.secretKey}`,
  });
  const begin = (size: number): void => void ([sent, bytes] = [{ bytes: 0, sum: 0 }, size]);

  /** What follows is compared with a proxy that has been at work, not with one that has just started. */
  async function serveOrdinaryCalls(): Promise<void> {
    for (let n = 0; n < 200; n++)
      await Promise.all(Array.from({ length: 20 }, async () => (await fetch(`${process.url}/proxy/small`, { headers: headers() })).text()));
  }

  async function upload(path: string, size: number): Promise<Count & { ahead: number }> {
    begin(size);
    const length = path === '/sized' ? { 'content-length': size } : {};
    const caller = request(`${process.url}/proxy${path}`, { method: 'PUT', headers: { ...headers(), ...length } });
    const answered = new Promise<IncomingMessage>((resolve, reject) => caller.once('response', resolve).once('error', reject));
    await Promise.all([pipeline(body(size, sent), caller), answered]);
    (await answered).resume();
    return received;
  }

  async function download(path: string, size: number): Promise<Count & { ahead: number }> {
    begin(size);
    const answer = await new Promise<IncomingMessage>((resolve, reject) =>
      get(`${process.url}/proxy${path}`, { headers: headers() }, resolve).once('error', reject),
    );
    return read(answer, sent);
  }

  it.each([
    ['up, with its length', '/sized', upload],
    ['up, without', '/chunked', upload],
    ['down, with its length', '/sized', download],
    ['down, without', '/chunked', download],
  ])(
    'go %s, whole, no faster than they are read, and cost no memory',
    async (_, path, transfer) => {
      let got = { bytes: 0, sum: 0, ahead: 0 };
      const growth = await process.growthDuring(async () => void (got = await transfer(path, wholeBytes)));
      expect([got.bytes, got.sum]).toEqual([wholeBytes, sent.sum]);
      expect(got.ahead).toBeLessThan(mostAhead);
      expect(growth).toBeLessThan(mostGrowth);
    },
    300_000,
  );
});
