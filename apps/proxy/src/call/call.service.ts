import { Inject, Injectable } from '@nestjs/common';
import { type Answer, anyPlace, type BudgetRef, type Governor, type RetryRules, sendGuarded } from 'egress';
import { ConnectionService } from '../connection/connection.service.js';
import { notMadeYet, type Target } from '../connection/target.js';
import { EnvironmentGuards } from '../egress/environment-guard.service.js';
import { budgetsOf } from '../governor/budgets.js';
import { GOVERNOR } from '../tokens.js';
import { WayOut } from '../way-out/way-out.service.js';
import { type RefusedCredential, sendWithRetries } from './attempts.js';
import { BaseUrlOverridePolicy } from './base-url-override.js';
import type { OutgoingCall } from './outgoing-call.js';
import { failureOf } from './outcome.js';
import { ParkedCall, patient } from './parked-call.js';
import { inspectAnswer } from './refused-credential.js';
import { defaultHeaders, encodings, RequestBuilder } from './request-builder.js';

@Injectable()
export class CallService {
  private readonly requests: RequestBuilder;
  private readonly budgets = new WeakMap<Target, BudgetRef[]>();

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
    let current = target;
    const send = async (): Promise<Answer> => {
      const guard = await this.guards.forCalls(call.environmentId);
      const request = await this.requests.build(current, call);
      const budgets = this.requests.isOwnApi(current, call, request) ? this.budgetsOf(current) : [];
      return this.way.send(call, request, {
        admit: (since) => this.governor.admit(budgets, { ...call.admission, signal: call.signal, since }),
        send: (onAnswer) => sendGuarded(guard, request, onAnswer),
      });
    };
    const renew = async (): Promise<boolean> => {
      const before = current;
      current = await this.connections.renewRefused(before);
      call.trace?.renewing(current);
      return current.credentialVersion !== before.credentialVersion && isReplayable(call);
    };
    const inspect: RefusedCredential['inspect'] = (answer) => this.inspect(current, call, answer);
    return this.attempt(call, { ...call.retry, provider: target.provider.proxy?.retry }, send, { inspect, renew });
  }

  /** Only what the connection's own API says of the connection's own credential counts. */
  private inspect(target: Target, call: OutgoingCall, answer: Answer): ReturnType<RefusedCredential['inspect']> {
    const isOwn = target.connection.id !== notMadeYet && call.baseUrlOverride === undefined && call.headers['authorization'] === undefined;
    if (!isOwn) return { isRefused: false, answer };
    const inspected = inspectAnswer(target.provider, answer);
    const note = ({ isRefused }: { isRefused: boolean }): void =>
      this.connections.noteAnswer(target, { isRefused, status: answer.status, endpoint: call.endpoint });
    if (inspected instanceof Promise) return inspected.then((outcome) => (note(outcome), outcome));
    note(inspected);
    return inspected;
  }

  private budgetsOf(target: Target): BudgetRef[] {
    const known = this.budgets.get(target);
    if (known) return known;
    const made = budgetsOf(target);
    this.budgets.set(target, made);
    return made;
  }

  /** Calls a URL as it stands, for nobody: no credential, no provider. */
  async callFreely(call: OutgoingCall): Promise<Answer> {
    const guard = await this.guards.forCalls(call.environmentId);
    const url = guard.check(call.query ? `${call.endpoint}${call.endpoint.includes('?') ? '&' : '?'}${call.query}` : call.endpoint);
    const headers = { ...defaultHeaders, ...encodings(call), ...call.headers };
    const request = { url, method: call.method, headers, body: call.body, signal: call.signal, timeoutMs: call.timeoutMs };
    const send = (): Promise<Answer> => this.way.send(call, request, { admit: () => anyPlace, send: (onAnswer) => sendGuarded(guard, request, onAnswer) });
    return this.attempt(call, call.retry, send, nobodysCredential);
  }

  private async attempt(call: OutgoingCall, rules: RetryRules, send: () => Promise<Answer>, refusal: RefusedCredential): Promise<Answer> {
    try {
      return await sendWithRetries({ rules, patience: call.patience ?? patient, signal: call.signal, send, refusal });
    } catch (error) {
      throw call.signal.aborted || error instanceof ParkedCall ? error : failureOf(error, call.timeoutMs);
    }
  }
}

const nobodysCredential: RefusedCredential = { inspect: (answer) => ({ isRefused: false, answer }), renew: () => Promise.resolve(false) };

/** A body that streams through is gone after the first attempt. */
function isReplayable({ body }: OutgoingCall): boolean {
  return body === null || body instanceof Uint8Array;
}
