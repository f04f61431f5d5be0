import { Injectable } from '@nestjs/common';
import type { RunningExecution } from 'journal/postgres';
import type { ScriptCall } from 'model';
import type { OutgoingCall } from '../call/outgoing-call.js';
import { wholeAnswer } from '../call/whole-answer.js';
import { LoggedCalls } from '../call-log/logged-calls.service.js';
import { ConnectionService } from '../connection/connection.service.js';
import { OwnConnection } from '../connection/own-connection.js';
import { priorityOf } from '../governor/budgets.js';
import { OutsideWrites, type Prepare } from './outside-writes.service.js';
import { RecordedReads } from './recorded-reads.service.js';
import type { Reply } from './reply.js';
import { scriptBody, scriptHeaders, scriptQuery } from './script-request.js';

/** A longer wait than this is no reason to hold a slot. */
const parksAfterMs = 20_000;

/** Calls that a script makes, each recorded in its execution's journal. */
@Injectable()
export class ScriptCallService {
  constructor(
    private readonly own: OwnConnection,
    private readonly connections: ConnectionService,
    private readonly calls: LoggedCalls,
    private readonly reads: RecordedReads,
    private readonly writes: OutsideWrites,
  ) {}

  /** `gone` fires when the one who asked goes away, which ends a read. */
  call(execution: RunningExecution, request: ScriptCall, gone: AbortSignal): Promise<Reply> {
    // What writes outside is not called off by anybody.
    if (request.method !== 'GET') return this.writes.call(execution, request, this.sender(execution, request, new AbortController().signal));
    const prepare = this.sender(execution, request, gone);
    return this.reads.call(execution, request, async (retriesUsed) => (await prepare())(retriesUsed));
  }

  private sender(execution: RunningExecution, request: ScriptCall, signal: AbortSignal): Prepare {
    return async () => {
      const name = await this.own.of(execution, request);
      const outgoing = await outgoingCall(request, signal);
      const priority = priorityOf(execution);
      const target = request.uncontrolled ? null : await this.connections.target(name);
      const mayPark = request.longWait === 'park' && !execution.journalFull;
      return async (retriesUsed) => {
        const longestWaitMs = mayPark ? parksAfterMs : null;
        const patience = { retriesUsed, parksAfterMs: longestWaitMs };
        const call = { ...outgoing, environmentId: execution.environmentId, patience, admission: { priority, longestWaitMs } };
        return wholeAnswer(await this.calls.call(target, call, execution), call);
      };
    };
  }
}

async function outgoingCall(request: ScriptCall, signal: AbortSignal): Promise<Omit<OutgoingCall, 'environmentId' | 'admission'>> {
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
    timeoutMs: request.timeoutMs ?? undefined,
    forwardHeadersOnRedirect: request.forwardHeadersOnRedirect ?? undefined,
    signal,
  };
}
