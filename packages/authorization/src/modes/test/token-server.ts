import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'providers';
import { onTestFinished } from 'vitest';
import type { SendTokenRequest, TokenContext } from '../../token-request.js';

/** A request as a token endpoint saw it. */
export type SeenRequest = { method: string; path: string; headers: IncomingHttpHeaders; body: string };

/** What a token endpoint answers; JSON unless it is text. */
export type ScriptedAnswer = { status?: number; body?: unknown; headers?: Record<string, string> };

/** A token endpoint on a free port, which answers each request as told and keeps what it saw. Closed after the test. */
export async function aTokenServer(answerTo: (request: SeenRequest, index: number) => ScriptedAnswer): Promise<{ url: string; seen: SeenRequest[] }> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    seen.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() });
    const { status = 200, body = '', headers: answered } = answerTo(seen[seen.length - 1] as SeenRequest, seen.length - 1);
    response.writeHead(status, answered).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** Sends for real. */
export const send: SendTokenRequest = async ({ url, method, headers, body }) => {
  const response = await fetch(url, { method, headers: { ...headers, connection: 'close' }, ...(body === undefined ? {} : { body }), redirect: 'manual' });
  return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
};

/** A context for one entry of a catalogue. */
export function aContext(provider: Record<string, unknown>, more: Partial<TokenContext> = {}): TokenContext {
  return {
    provider: Provider.parse({ name: 'example', display_name: 'Example', ...provider }),
    connectionConfig: {},
    client: { id: '', secret: '', scopes: [] },
    send,
    ...more,
  };
}
