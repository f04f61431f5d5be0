import { Inject, Injectable } from '@nestjs/common';
import type { ExternalAnswer } from 'journal';
import { AppError, callHeader, CallReply, type ConnectionRequest, type Parked, type ScriptCall } from 'model';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { InternalHttp } from './internal-http.js';
import type { Caller } from './orchestrator.client.js';

/** The proxy's internal API, as a runner uses it. */
@Injectable()
export class ProxyClient {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly http: InternalHttp,
  ) {}

  /** An external call. The body comes back as the bytes it arrived in. */
  async call(caller: Caller, call: ScriptCall): Promise<ExternalAnswer | Parked> {
    const { headers, body } = await this.http.send({
      ...caller,
      method: 'POST',
      url: this.url('/internal/calls'),
      json: call,
      patient: true,
      relays: call.method === 'GET' ? 'read' : 'write',
    });
    const reply = toReply(headers[callHeader]);
    return 'parkedUntil' in reply ? reply : { answer: reply, body };
  }

  /** A connection with its credential, as the proxy's JSON. */
  async connection(caller: Caller, request: Partial<ConnectionRequest>): Promise<unknown> {
    const { body } = await this.http.send({ ...caller, method: 'POST', url: this.url('/internal/connections'), json: request, patient: true });
    return JSON.parse(Buffer.from(body).toString('utf8'));
  }

  private url(path: string): string {
    return this.configuration.PROXY_URL.replace(/\/$/, '') + path;
  }
}

function toReply(header: string | string[] | undefined): CallReply {
  if (typeof header !== 'string') throw new AppError('server_error', { message: 'The proxy answered without a status' });
  return CallReply.parse(JSON.parse(Buffer.from(header, 'base64url').toString('utf8')));
}
