import { Inject, Injectable } from '@nestjs/common';
import { type Answer, type Governor, type RetryRules, sendGuarded } from 'egress';
import { ConnectionService } from '../connection/connection.service.js';
import type { Target } from '../connection/target.js';
import { EnvironmentGuards } from '../egress/environment-guard.service.js';
import { GOVERNOR } from '../tokens.js';
import { WayOut } from '../way-out/way-out.service.js';
import { sendWithRetries } from './attempts.js';
import { BaseUrlOverridePolicy } from './base-url-override.js';
import type { OutgoingCall } from './outgoing-call.js';
import { failureOf } from './outcome.js';
import { ParkedCall, patient } from './parked-call.js';
import { defaultHeaders, encodings, RequestBuilder } from './request-builder.js';

@Injectable()
export class CallService {
  private readonly requests: RequestBuilder;

  constructor(
    private readonly guards: EnvironmentGuards,
    private readonly connections: ConnectionService,
    @Inject(GOVERNOR) private readonly governor: Governor,
    private readonly way: WayOut,
    overrides: BaseUrlOverridePolicy,
  ) {
    this.requests = new RequestBuilder(overrides);
  }

  /** Calls the API of a connection with its credential. Resolves with the final answer's head; the body is the caller's to read. */
  async call(target: Target, call: OutgoingCall): Promise<Answer> {
    const budget = `connection:${target.connection.id}`;
    let current = target;
    const send = async (): Promise<Answer> => {
      await this.governor.admit(budget, call.signal);
      const guard = await this.guards.forCalls(call.environmentId);
      const request = await this.requests.build(current, call);
      const answer = await this.way.send(call, request, () => sendGuarded(guard, request));
      this.governor.learn(budget, answer);
      return answer;
    };
    const renew = async (): Promise<boolean> => {
      const before = current;
      current = await this.connections.reread(before);
      return current.credentialVersion !== before.credentialVersion;
    };
    return this.attempt(call, { ...call.retry, provider: target.provider.proxy?.retry }, send, renew);
  }

  /** Calls a URL as it stands, for nobody: no credential, no provider. */
  async callFreely(call: OutgoingCall): Promise<Answer> {
    const guard = await this.guards.forCalls(call.environmentId);
    const url = guard.check(call.query ? `${call.endpoint}${call.endpoint.includes('?') ? '&' : '?'}${call.query}` : call.endpoint);
    const headers = { ...defaultHeaders, ...encodings(call), ...call.headers };
    const request = { url, method: call.method, headers, body: call.body, signal: call.signal, timeoutMs: call.timeoutMs };
    const send = (): Promise<Answer> => this.way.send(call, request, () => sendGuarded(guard, request));
    return this.attempt(call, call.retry, send, () => Promise.resolve(false));
  }

  private async attempt(call: OutgoingCall, rules: RetryRules, send: () => Promise<Answer>, renew: () => Promise<boolean>): Promise<Answer> {
    try {
      return await sendWithRetries({ rules, patience: call.patience ?? patient, signal: call.signal, send, renew });
    } catch (error) {
      throw call.signal.aborted || error instanceof ParkedCall ? error : failureOf(error, call.timeoutMs);
    }
  }
}
