import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';

type Get = { headers: Record<string, string>; body: string | Uint8Array };

/** A GET with a body, which some APIs want and `fetch` refuses. */
export function getWithBody(url: string, { headers, body }: Get): Promise<Response> {
  const request = url.startsWith('https:') ? overHttps : overHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'GET', headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve(toResponse(answer, Buffer.concat(chunks))));
      answer.on('error', reject);
    });
    sent.on('error', reject).end(body);
  });
}

const withoutBody = new Set([204, 205, 304]);

function toResponse({ statusCode = 502, statusMessage = '', headers }: IncomingMessage, body: Buffer<ArrayBuffer>): Response {
  const given = Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().map((item): [string, string] => [name, item]));
  return new Response(withoutBody.has(statusCode) ? null : body, { status: statusCode, statusText: statusMessage, headers: given });
}
