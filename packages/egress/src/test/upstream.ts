import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small real HTTP server that remembers what reached it. */
export class Upstream {
  readonly seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string; localAddress: string | undefined }[] = [];
  connections = 0;
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on('connection', () => this.connections++);
  }

  static async start(listener: RequestListener): Promise<Upstream> {
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { method = '', url = '', headers } = request;
      upstream.seen.push({ method, url, headers, body, localAddress: request.socket.localAddress });
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    const upstream = new Upstream(server, (server.address() as AddressInfo).port); // listens on TCP
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
