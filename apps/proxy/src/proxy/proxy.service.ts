import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Answer } from 'egress';
import { AccessService } from '../access/access.service.js';
import type { OutgoingCall } from '../call/outgoing-call.js';
import { LoggedCalls } from '../call-log/logged-calls.service.js';
import { ConnectionService } from '../connection/connection.service.js';
import { askedForm } from './asked-form.js';
import { readProxyRequest } from './proxy-request.js';
import { requestBody } from './request-body.js';

/** Calls on behalf of the holder of a secret key. */
@Injectable()
export class ProxyService {
  constructor(
    private readonly access: AccessService,
    private readonly connections: ConnectionService,
    private readonly calls: LoggedCalls,
  ) {}

  async call(request: IncomingMessage, signal: AbortSignal): Promise<{ answer: Answer; decoded: boolean }> {
    const environmentId = await this.access.environmentOf(request.headers.authorization);
    const asked = readProxyRequest(request.url ?? '', request.headers);
    const target = await this.connections.target({ environmentId, providerConfigKey: asked.providerConfigKey, connectionId: asked.connectionId });
    const sent = { headers: asked.headers, body: await requestBody(request, asked.retries) };
    const { headers, body } = await askedForm(request.headers['content-type'], sent);
    const length = request.headers['content-length'];
    const streamed = body !== null && !(body instanceof Uint8Array);
    const decoded = asked.decoded ?? target.provider.proxy?.decompress ?? false;
    const call: OutgoingCall = {
      ...asked,
      environmentId,
      decoded,
      method: request.method ?? 'GET',
      headers: streamed && length !== undefined ? { ...headers, 'content-length': length } : headers,
      body,
      // A body that streams through is gone after the first attempt.
      retry: { retries: streamed ? 0 : asked.retries, retryOn: asked.retryOn },
      admission: { priority: 'interactive', longestWaitMs: asked.longestWaitMs },
      signal,
    };
    const answer = await this.calls.call(target, call).catch((error: unknown) => {
      // What is still coming of an upload that goes nowhere is read out: its caller may not read before it has written.
      if (streamed) body.destroy();
      throw error;
    });
    // The answer to a HEAD tells of a body that is not there.
    return { answer, decoded: decoded && request.method !== 'HEAD' };
  }
}
