import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** One port before several servers, as an ingress is. Requests go where the test says; WebSockets stay where they are. */
export class Balancer {
  #target = 0;
  readonly #idle = new Set<Socket>();
  private constructor(
    private readonly server: Server,
    private readonly ports: readonly number[],
  ) {}

  static async before(ports: readonly number[]): Promise<Balancer> {
    const server = createServer((near) => balancer.#join(near));
    const balancer = new Balancer(server, ports);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; // listens on TCP
  }

  /** From now on requests go to this one, also those of a client that keeps its connections. */
  async direct(target: number): Promise<void> {
    this.#target = target;
    await Promise.all([...this.#idle].map((socket) => once(socket.destroy(), 'close')));
  }

  /** Takes no more connections; those that are open end with their servers. */
  close(): void {
    this.server.close();
  }

  #join(near: Socket): void {
    const far = connect(this.ports[this.#target] ?? 0, '127.0.0.1');
    this.#idle.add(near);
    near.once('data', (first: Buffer) => {
      if (/^upgrade: *websocket/im.test(first.toString('latin1'))) this.#idle.delete(near);
    });
    near.once('close', () => this.#idle.delete(near));
    near.pipe(far).pipe(near);
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      socket.on('error', () => undefined);
      socket.on('close', () => other.destroy());
    }
  }
}
