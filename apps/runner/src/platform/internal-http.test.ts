import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { InternalHttp } from './internal-http.js';

const http = new InternalHttp();
let server: Server | null = null;

async function serve(listener: RequestListener, port = 0): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as { port: number }).port}`;
}

const stop = async (): Promise<void> => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
};
afterEach(stop);

const refuse = (status: number, code: string) =>
  ((_request, response) => response.writeHead(status).end(JSON.stringify({ error: { code, message: 'why', payload: { a: 1 } } }))) satisfies RequestListener;

describe('a call to another process of the platform', () => {
  it('carries its token and hands bytes through unchanged, both ways', async () => {
    const bytes = Buffer.from([0, 255, 10, 195]);
    let authorization: string | undefined;
    const url = await serve((request, response) => {
      authorization = request.headers.authorization;
      request.pipe(response);
    });
    const { body } = await http.send({ method: 'POST', url: `${url}/x?a=1`, token: 'exe_1', bytes });
    expect([...body]).toEqual([...bytes]);
    expect(authorization).toBe('Bearer exe_1');
  });

  it("throws the other side's error as it stands, at once", async () => {
    let calls = 0;
    const url = await serve((request, response) => {
      calls++;
      refuse(409, 'execution_fenced')(request, response);
    });
    await expect(http.send({ method: 'GET', url, token: 't' })).rejects.toMatchObject({ code: 'execution_fenced', message: 'why', payload: { a: 1 } });
    expect(calls).toBe(1);
  });

  it('never repeats what an external API did not answer', async () => {
    let calls = 0;
    const url = await serve((request, response) => {
      calls++;
      refuse(502, 'upstream_unreachable')(request, response);
    });
    await expect(http.send({ method: 'POST', url, token: 't' })).rejects.toMatchObject({ code: 'upstream_unreachable' });
    expect(calls).toBe(1);
  });

  it('waits out a restart: refused connections, 503, a connection cut in the middle', async () => {
    const url = await serve((_request, response) => response.end());
    const port = Number(new URL(url).port);
    await stop();
    let retries = 0;
    let calls = 0;
    const answer = http.send({ method: 'POST', url, token: 't', json: {}, onRetry: () => retries++ });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await serve((_request, response) => {
      calls++;
      if (calls === 1) response.writeHead(503).end('starting');
      else if (calls === 2) response.writeHead(200, { 'content-length': '100' }).write('cut', () => response.destroy());
      else response.end('there');
    }, port);
    expect(Buffer.from((await answer).body).toString()).toBe('there');
    expect(retries).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['read', 3],
    ['write', 1],
  ] as const)("makes a %s whose answer breaks off at the external API's end %i times, and says so", async (relays, times) => {
    let calls = 0;
    const url = await serve((_request, response) => {
      calls++;
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    });
    await expect(http.send({ method: 'POST', url, token: 't', json: {}, relays })).rejects.toMatchObject({
      code: 'upstream_unreachable',
      payload: { code: 'ECONNRESET' },
    });
    expect(calls).toBe(times);
  });

  it('stops waiting when the run is aborted', async () => {
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 100);
    await expect(http.send({ method: 'GET', url: 'http://127.0.0.1:1/', token: 't', signal: ending.signal })).rejects.toMatchObject({ code: 'script_aborted' });
  });
});
