import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SendForEnvironment } from '../refresh/credential-store.js';

/** A token endpoint over HTTP that rotates strictly. It remembers who came twice with the same token, and how many were there at once. */
export class TokenServer {
  calls = 0;
  reused = 0;
  mostAtOnce = 0;
  readonly #seen = new Set<string>();
  #atOnce = 0;

  private constructor(
    readonly url: string,
    readonly close: () => Promise<void>,
  ) {}

  static async start(delayMs = 0): Promise<TokenServer> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        tokens.#begin(new URLSearchParams(body).get('refresh_token') ?? '');
        setTimeout(() => {
          tokens.#atOnce--;
          const next = `refresh-${tokens.calls}`;
          response.setHeader('content-type', 'application/json').end(JSON.stringify({ access_token: 'new', refresh_token: next, expires_in: 3600 }));
        }, delayMs);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const close = (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    const tokens = new TokenServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, close); // it listens on TCP
    return tokens;
  }

  #begin(refreshToken: string): void {
    this.calls++;
    if (this.#seen.has(refreshToken)) this.reused++;
    this.#seen.add(refreshToken);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
  }
}

/** Sends without a guard, as the proxy's `tokenRequest` does with one. */
export const sendByFetch: SendForEnvironment = async (_, { url, method, headers, body }, signal) => {
  const response = await fetch(url, { method, headers, signal, redirect: 'manual', ...(body === undefined ? {} : { body }) });
  return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
};
