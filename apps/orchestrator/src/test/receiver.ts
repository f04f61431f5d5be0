import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DeliveryRequest } from 'model';

/** A webhook that arrived: its exact bytes and headers. */
export type Received = { body: string; headers: Record<string, string | string[] | undefined> };

/** A product's webhook endpoint. `answer` decides the status, given how many came before. */
export async function startReceiver(answer: (count: number) => number = () => 200): Promise<{ url: string; received: Received[]; stop(): Promise<void> }> {
  const received: Received[] = [];
  const { url, stop } = await listening((body, headers) => {
    received.push({ body, headers });
    return { status: answer(received.length - 1), body: '' };
  });
  return { url: `${url}/hook?key=of-the-team`, received, stop };
}

/** The one route of the proxy that deliveries go through, without its guard. */
export async function startDeliveryProxy(): Promise<{ url: string; stop(): Promise<void>; refuse(status: number | null): void }> {
  let refusal: number | null = null;
  const { url, stop } = await listening(async (text, headers) => {
    if (refusal !== null) return { status: refusal, body: '{"error":{"code":"url_not_allowed"}}' };
    if (!String(headers['authorization']).startsWith('Bearer svc_orchestrator_')) return { status: 401, body: '{}' };
    const request = JSON.parse(text) as DeliveryRequest;
    const answer = await fetch(request.url, { method: 'POST', headers: request.headers, body: request.body }).catch(() => null);
    return { status: 200, body: JSON.stringify({ status: answer?.status ?? null, error: answer ? null : 'upstream_unreachable', durationMs: 1 }) };
  });
  return { url, stop, refuse: (status) => void (refusal = status) };
}

type Handler = (body: string, headers: Received['headers']) => { status: number; body: string } | Promise<{ status: number; body: string }>;

async function listening(handler: Handler): Promise<{ url: string; stop(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void Promise.resolve(handler(Buffer.concat(chunks).toString(), request.headers)).then(({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(body),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${port}`, stop };
}
