import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP connection to somewhere that a test can cut and mend. */
export class CutCable {
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  /** How often somebody tried to connect while it was cut. */
  attempts = 0;
  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
  ) {}

  /** Leads to where a URL points. */
  static async to(url: string): Promise<CutCable> {
    const { hostname, port } = new URL(url);
    const server = createServer((near) => cable.#join(near));
    const cable = new CutCable(server, { host: hostname, port: Number(port || '5432') });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return cable;
  }

  /** The same URL by way of this cable. */
  through(url: string): string {
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String((this.server.address() as AddressInfo).port); // listens on TCP
    return changed.href;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async remove(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #join(near: Socket): void {
    if (this.#isCut) {
      this.attempts++;
      return void near.destroy();
    }
    const far = connect(this.target);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
