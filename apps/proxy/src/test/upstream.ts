import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that reached the upstream, with its whole body. */
export type SeenRequest = { method: string; url: string; headers: IncomingHttpHeaders; body: Buffer };
export type Handler = (seen: SeenRequest, response: ServerResponse) => void;

/** A real external API of a test's own: answers each path as told and remembers what it was asked. */
export class Upstream {
  readonly seen: SeenRequest[] = [];
  private readonly handlers = new Map<string, Handler>();
  private constructor(private readonly server: Server) {}

  static async start(port = 0): Promise<Upstream> {
    const server = createServer((request, response) => void upstream.take(request, response));
    const upstream = new Upstream(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; // listens on TCP
  }

  get last(): SeenRequest {
    const last = this.seen.at(-1);
    if (!last) throw new Error('nothing has reached the upstream');
    return last;
  }

  /** How a path is answered, in turns; the last turn stays. A path nobody told of echoes the request. */
  answers(path: string, ...turns: Handler[]): void {
    let turn = 0;
    this.handlers.set(path, (seen, response) => turns[Math.min(turn++, turns.length - 1)]?.(seen, response));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch {
      return; // the other side went away
    }
    const { method = '', url = '', headers } = request;
    const seen = { method, url, headers, body: Buffer.concat(chunks) };
    this.seen.push(seen);
    (this.handlers.get(url.split('?')[0] ?? '') ?? echo)(seen, response);
  }
}

/** Answers with JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Handler {
  return (_, response) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

const echo: Handler = ({ method, url, headers, body }, response) =>
  json(200, { method, url, headers, body: body.toString() })({ method, url, headers, body }, response);
