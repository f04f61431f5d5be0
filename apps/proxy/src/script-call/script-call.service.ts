import { Injectable } from '@nestjs/common';
import type { Answer } from 'egress';
import { IntentStore, type RunningExecution } from 'journal/postgres';
import { AppError, type ScriptCall } from 'model';
import { CallService, type OutgoingCall } from '../call/call.service.js';
import { ConnectionService } from '../connection/connection.service.js';
import { ownConnection } from '../connection/own-connection.js';
import { scriptBody, scriptHeaders, scriptQuery } from './script-request.js';

/** Calls that a script makes. Every call that may write outside stands in the journal before it is sent. */
@Injectable()
export class ScriptCallService {
  constructor(
    private readonly connections: ConnectionService,
    private readonly calls: CallService,
    private readonly intents: IntentStore,
  ) {}

  async call(execution: RunningExecution, request: ScriptCall, signal: AbortSignal): Promise<Answer> {
    const name = ownConnection(execution, request);
    const outgoing = await outgoingCall(request, signal);
    const send = async (): Promise<Answer> =>
      request.uncontrolled ? this.calls.callFreely(outgoing) : this.calls.call(await this.connections.target(name), outgoing);
    return request.method === 'GET' ? send() : this.withIntent(execution, request.call, send);
  }

  private async withIntent(execution: RunningExecution, call: string, send: () => Promise<Answer>): Promise<Answer> {
    const opened = await this.intents.open(execution, call);
    if (opened === 'exists')
      throw new AppError('call_outcome_unknown', { message: 'This call was sent before and its answer is not known; it is not sent again' });
    try {
      return await send();
    } finally {
      await this.intents.close(execution, call);
    }
  }
}

async function outgoingCall(request: ScriptCall, signal: AbortSignal): Promise<OutgoingCall> {
  const { method, endpoint, retries, retryOn, retryHeader } = request;
  const { body, headers } = await scriptBody(request, scriptHeaders(request.headers));
  return {
    method,
    endpoint,
    query: scriptQuery(request.params),
    headers,
    body,
    retry: { retries, retryOn, retryHeader },
    baseUrlOverride: request.baseUrlOverride || undefined,
    decoded: request.decompress !== false,
    signal,
  };
}
