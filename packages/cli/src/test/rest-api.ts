import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { RestClient } from '../api/rest-client.js';

/** A request as the stand-in for the server saw it. */
export type Seen = { method: string; path: string; query: Record<string, string>; headers: NodeJS.Dict<string | string[]>; body: unknown };

/** What it answers: a body with status 200, or a status of its own. */
export type Reply = { status?: number; body: unknown };

/** A local HTTP server in the place of the platform's REST API; `reply` decides, null is a 404. */
export async function aRestApi(reply: (seen: Seen) => Reply | null): Promise<{ client: RestClient; seen: Seen[]; url: string }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const call = {
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body: text ? (JSON.parse(text) as unknown) : null,
      };
      seen.push(call);
      const { status = 200, body } = reply(call) ?? { status: 404, body: { error: { code: 'not_found', message: 'Nothing here' } } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(
    () =>
      new Promise<void>((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { client: new RestClient(url, 'the-secret-key'), seen, url };
}
