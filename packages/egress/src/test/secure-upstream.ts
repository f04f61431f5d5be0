import { randomUUID } from 'node:crypto';
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';

type Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** A real HTTPS server that offers HTTP/2 and answers HTTP/1.1 as well, as most APIs do. Its certificate is trusted by this process. */
export class SecureUpstream {
  readonly sessions = new Set<ServerHttp2Session>();
  readonly seen: { version: string; method: string; path: string; headers: Http2ServerRequest['headers']; remote: string | undefined }[] = [];

  private constructor(private readonly server: Http2SecureServer | Server) {}

  static async start(listener: Listener, options: { http2?: boolean } = {}): Promise<SecureUpstream> {
    const { private: key, cert } = await generate([{ name: 'commonName', value: randomUUID() }], {
      keyType: 'ec',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
    setDefaultCACertificates([...getCACertificates('default'), cert]);
    const server = options.http2 === false ? createServer({ key, cert }) : createSecureServer({ key, cert, allowHTTP1: true });
    const upstream = new SecureUpstream(server);
    server.on('session', (session: ServerHttp2Session) => {
      upstream.sessions.add(session);
      session.on('close', () => upstream.sessions.delete(session)).on('error', () => undefined);
    });
    server.on('request', (request: Http2ServerRequest, response: Http2ServerResponse) => {
      const { httpVersion: version, method, url: path, headers } = request;
      upstream.seen.push({ version, method, path, headers, remote: request.socket.remoteAddress });
      listener(request, response);
    });
    await new Promise<void>((resolve) => void server.listen(0, 'localhost', resolve));
    return upstream;
  }

  get url(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}`; // listens on TCP
  }

  async stop(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    this.server.close();
  }
}
