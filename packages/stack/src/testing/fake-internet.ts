import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { createServer as listen } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { NameServer, selfSignedCertificate } from 'egress/testing';
import type { EvilAnswer } from './evil-answers.js';

/** Whether this process may listen where https is: not every machine lets it. */
export function canServeHttps(): Promise<boolean> {
  return new Promise((resolve) => {
    const server = listen()
      .once('error', () => resolve(false))
      .listen(443, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Providers under their real names: a name server that leads these hosts to this machine, and an https server with a certificate for each of
 * them. A stack that is started with its `environment` and may call 127.0.0.1 takes it for the internet, so that entries whose addresses
 * are fixed can be tried whole.
 */
export class FakeInternet {
  private readonly answers = new Map<string, EvilAnswer>();

  private constructor(
    private readonly server: Server,
    private readonly names: NameServer,
    private readonly folder: string,
  ) {}

  static async start(hosts: readonly string[]): Promise<FakeInternet> {
    const certificates = new Map(hosts.map((host) => [host, selfSignedCertificate(host)]));
    const folder = await mkdtemp(join(tmpdir(), 'fake-internet-'));
    await writeFile(join(folder, 'authorities.pem'), [...certificates.values()].map(({ cert }) => cert).join(''));
    const names = await NameServer.start((name) => (certificates.has(name) ? ['127.0.0.1'] : []));
    const server = createServer({
      SNICallback: (host, callback) => {
        const certificate = certificates.get(host);
        callback(certificate ? null : new Error(`no certificate for ${host}`), certificate && createSecureContext(certificate));
      },
    });
    const internet = new FakeInternet(server, names, folder);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void internet.take(request, response));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(443, '127.0.0.1', resolve));
    return internet;
  }

  /** What a stack's processes need, to find its hosts and trust them. */
  get environment(): Record<'NANGO_EGRESS_DNS' | 'NODE_EXTRA_CA_CERTS', string> {
    return { NANGO_EGRESS_DNS: this.names.address, NODE_EXTRA_CA_CERTS: join(this.folder, 'authorities.pem') };
  }

  /** How an address, as host and path, is answered. */
  answer(address: string, answer: EvilAnswer): void {
    this.answers.set(address, answer);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
    await this.names.stop();
    await rm(this.folder, { recursive: true });
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request;
    const { host, pathname, searchParams } = new URL(request.url ?? '', `https://${headers.host}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const answer = this.answers.get(host + pathname);
    if (!answer) return void response.writeHead(404).end(`nothing at ${host}${pathname}`);
    answer({ method, path: pathname, query: searchParams, headers, body: Buffer.concat(chunks).toString() }, response);
  }
}
