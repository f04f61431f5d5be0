import { All, Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { streamedBody } from 'service';
import { Public } from '../access/public.decorator.js';
import { passedHeaders } from './passed-headers.js';
import { ProxyClient } from './proxy-client.js';

/** Hands `/proxy/*` on to the proxy, byte for byte both ways; the proxy itself looks at the key. */
@Public()
@Controller('proxy')
export class ProxyPassController {
  constructor(private readonly proxy: ProxyClient) {}

  @All('*')
  async pass(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const left = new AbortController();
    reply.raw.once('close', () => left.abort());
    const answer = await this.ask(request.raw, left.signal);
    reply.hijack();
    if (!answer) return;
    writeHead(reply.raw, answer.status, answer.headers);
    // A caller who left, or an answer that broke off: both sides are torn down, and there is nobody to tell.
    await pipeline(answer.body, reply.raw).catch(() => undefined);
  }

  private async ask(request: IncomingMessage, signal: AbortSignal) {
    // Our own connection to the proxy has a host of its own; a body that was "expected" is on its way already.
    const headers = passedHeaders(request.rawHeaders, ['host', 'expect']);
    const body = hasBody(request) ? streamedBody(request) : null;
    try {
      return await this.proxy.pass({ method: request.method ?? 'GET', path: request.url ?? '/', headers, body, signal });
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function writeHead(response: ServerResponse, status: number, raw: readonly string[]): void {
  response.statusCode = status;
  const headers = passedHeaders(raw);
  // Who may read the answer is for this server to say, not for the API behind it.
  const own = new Set(response.getHeaderNames());
  for (let index = 0; index < headers.length; index += 2) {
    const [name = '', value = ''] = headers.slice(index, index + 2);
    if (!own.has(name.toLowerCase())) response.appendHeader(name, value);
  }
  response.flushHeaders();
}
