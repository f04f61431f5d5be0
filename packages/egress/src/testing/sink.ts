import { type AddressInfo, createServer, type Server } from 'node:net';

/** Listens on every address of this machine, IPv4 and IPv6, and counts who comes. */
export class Sink {
  connections = 0;
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<Sink> {
    const server = createServer((socket) => {
      sink.connections++;
      socket
        .on('error', () => undefined)
        .resume()
        .end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\ninside');
    });
    await new Promise<void>((resolve) => server.listen({ port: 0, host: '::' }, resolve));
    const sink = new Sink(server, (server.address() as AddressInfo).port); // listens on TCP
    return sink;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}
