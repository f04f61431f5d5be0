import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { streamedBody } from './streamed-body.js';

describe("a request's body", () => {
  let server: Server;
  afterEach(() => void server.close());
  const serve = async (listener: Parameters<typeof createServer>[1]): Promise<string> => {
    server = createServer(listener as never);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listens on TCP
  };

  it('is read whole', async () => {
    const url = await serve(async (asked: IncomingMessage, response) => response.end(await text(streamedBody(asked))));
    expect(await (await fetch(url, { method: 'POST', body: 'x'.repeat(100_000) })).text()).toBe('x'.repeat(100_000));
  });

  it('whose reader has had enough keeps nobody from reading the answer, and its connection serves again', async () => {
    const url = await serve((asked: IncomingMessage, response) => {
      const body = streamedBody(asked);
      body.once('data', () => {
        body.destroy();
        response.end('enough');
      });
    });
    const answers: string[] = [];
    for (let times = 0; times < 2; times++) answers.push(await (await fetch(url, { method: 'POST', body: Buffer.alloc(20_000_000) })).text());
    expect(answers).toEqual(['enough', 'enough']);
  });

  it('whose reader has had enough shows that its sender went away', async () => {
    const gone = Promise.withResolvers<void>();
    const url = await serve((asked: IncomingMessage) => {
      asked.once('close', gone.resolve);
      const body = streamedBody(asked);
      body.once('data', () => body.destroy());
    });
    const caller = request(url, { method: 'POST' });
    caller.on('error', () => undefined);
    while (caller.write(Buffer.alloc(1_000_000)));
    await once(server, 'request');
    setTimeout(() => caller.destroy(), 50);
    await gone.promise;
    expect(caller.destroyed).toBe(true);
  });
});
