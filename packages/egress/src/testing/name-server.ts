import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import ipaddr from 'ipaddr.js';

/** What a name resolves to at its n-th question of one kind (from 0). */
export type Zone = (name: string, turn: number) => readonly string[];

const recordTypes = { A: 1, AAAA: 28 } as const;

/** A real name server over UDP. Its answers may be kept for no time at all. */
export class NameServer {
  /** Questions so far, as `A name`. */
  readonly asked: string[] = [];
  private readonly turns = new Map<string, number>();
  private constructor(
    private readonly socket: Socket,
    private readonly zone: Zone,
  ) {
    socket.on('message', (message, from) => this.answer(message, from));
  }

  static async start(zone: Zone): Promise<NameServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new NameServer(socket, zone);
  }

  /** As `NANGO_EGRESS_DNS` takes it. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(resolve));
  }

  private answer(message: Buffer, from: RemoteInfo): void {
    const { name, type, end } = questionOf(message);
    const key = `${type === recordTypes.A ? 'A' : 'AAAA'} ${name}`;
    this.asked.push(key);
    const turn = this.turns.get(key) ?? 0;
    this.turns.set(key, turn + 1);
    const addresses = this.zone(name, turn).map((address) => ipaddr.parse(address).toByteArray());
    const records = addresses.filter(({ length }) => length === (type === recordTypes.A ? 4 : 16)).map((bytes) => record(type, bytes));
    const header = Buffer.from(message.subarray(0, 12));
    header.writeUInt16BE(0x8580, 2); // an authoritative answer without error
    header.writeUInt16BE(records.length, 6);
    header.writeUInt32BE(0, 8);
    this.socket.send(Buffer.concat([header, message.subarray(12, end), ...records]), from.port, from.address);
  }
}

/** RFC 1035, section 4.1.2: labels with their length before them, then type and class. */
function questionOf(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

/** A record about the name in the question (which stands at byte 12), with a time to live of nothing. */
function record(type: number, address: readonly number[]): Buffer {
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, address.length]);
  return Buffer.concat([head, Buffer.from(address)]);
}
