import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { exchange } from './exchange.js';
import { EgressGuard } from './guard.js';
import { parseHostList } from './host-list.js';

const answerText = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** A server on the level of sockets: each request's bytes are given to `onRequest`, with how many came on that connection before. */
async function serve(onRequest: (socket: Socket, earlier: number) => void): Promise<{ url: URL; requests: string[]; server: Server; sockets: Set<Socket> }> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let [earlier, received] = [0, ''];
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received += bytes.toString();
      if (!received.endsWith('body')) return;
      requests.push(received);
      received = '';
      onRequest(socket, earlier++);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { url: new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/x`), requests, server, sockets };
}

describe('a request', () => {
  const guard = () => new EgressGuard({ allow: parseHostList('127.0.0.1', 'test'), connectTimeoutMs: 5_000 });
  const open: { close(): unknown }[] = [];
  afterEach(() => void open.splice(0).forEach((thing) => thing.close()));
  const start = async (onRequest: (socket: Socket, earlier: number) => void) => {
    const [way, upstream] = [guard(), await serve(onRequest)];
    open.push(upstream.server, { close: () => upstream.sockets.forEach((socket) => socket.destroy()) });
    const post = async (timeoutMs?: number) => {
      const answer = await exchange(way.dispatcher, { url: upstream.url, method: 'POST', headers: {}, body: Buffer.from('body'), timeoutMs });
      const body = String(await answer.bytes(100));
      // The dispatcher hands a connection out again in a later turn.
      await wait(10);
      return body;
    };
    return { ...upstream, post, way };
  };

  it('after a connection was closed while nobody used it goes over a new one, once', async () => {
    const { post, requests, sockets } = await start((socket) => {
      socket.write(answerText);
      setTimeout(() => socket.end(), 20);
    });
    expect(await post()).toBe('ok');
    await wait(100);
    expect(await post()).toBe('ok');
    expect([requests.length, sockets.size]).toEqual([2, 2]);
  });

  it('whose connection breaks once it was sent is not sent again', async () => {
    const { post, requests } = await start((socket, earlier) => void (earlier === 0 ? socket.write(answerText) : socket.destroy()));
    expect(await post()).toBe('ok');
    await expect(post()).rejects.toMatchObject({ code: expect.stringMatching(/UND_ERR_SOCKET|ECONNRESET/) });
    await wait(100);
    expect(requests).toHaveLength(2);
  });

  it('that nobody takes fails as refused', async () => {
    const { post, server } = await start(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    await expect(post()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('in a hurry waits for the answer no longer than it says', async () => {
    const { post } = await start(() => undefined);
    const startedAt = Date.now();
    await expect(post(200)).rejects.toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' });
    expect(Date.now() - startedAt).toBeLessThan(1_500);
  });

  it('in a hurry waits for a connection no longer than it says, and is not sent afterwards', async () => {
    const upstream = await serve((socket) => void socket.write(answerText));
    open.push(upstream.server, { close: () => upstream.sockets.forEach((socket) => socket.destroy()) });
    const slow = new EgressGuard({ allow: parseHostList('127.0.0.0/8', 'test'), resolve: () => wait(400, [{ address: '127.0.0.1', family: 4 }]) });
    const call = exchange(slow.dispatcher, {
      url: new URL(`http://api.example:${upstream.url.port}/`),
      method: 'POST',
      headers: {},
      body: Buffer.from('body'),
      timeoutMs: 100,
    });
    await expect(call).rejects.toMatchObject({ code: 'UND_ERR_CONNECT_TIMEOUT' });
    await wait(600);
    expect(upstream.requests).toEqual([]);
    await slow.close();
  });

  it('may be answered piece by piece for longer than that, until no more pieces come', async () => {
    const letters = [...'abcdefgh'];
    const { post } = await start((socket, earlier) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n');
      for (const [n, letter] of letters.slice(0, earlier === 0 ? 8 : 4).entries()) setTimeout(() => socket.write(letter), n * 200);
    });
    expect(await post(1_000)).toBe('abcdefgh');
    await expect(post(1_000)).rejects.toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT' });
  });
});
