import { Inject, Injectable } from '@nestjs/common';
import {
  type Admission,
  type Answer,
  type BudgetRef,
  EgressGuard,
  type Governor,
  type OutgoingRequest,
  type Place,
  type RetryRules,
  sendGuarded,
} from 'egress';
import { AppError } from 'model';
import { buildBaseUrl } from 'providers';
import { ConnectionService } from '../connection/connection.service.js';
import type { Target } from '../connection/target.js';
import { budgetsOf } from '../governor/budgets.js';
import { GOVERNOR } from '../tokens.js';
import { sendWithRetries } from './attempts.js';
import { type Authorisation, authorisationOf, isPerCall, placeholderValues } from './authorisation.js';
import { acceptedEncodings } from './decode.js';
import { failureOf } from './outcome.js';
import { ParkedCall, patient, type Patience } from './parked-call.js';
import { type ApiRoot, apiRoot, upstreamUrl } from './upstream-url.js';

/** A call to an external API as its caller put it. Header names are in lower case; a streamed body allows no second attempt. */
export type OutgoingCall = {
  method: string;
  endpoint: string;
  query?: string | undefined;
  headers: Record<string, string>;
  body: OutgoingRequest['body'];
  retry: Omit<RetryRules, 'provider'>;
  baseUrlOverride?: string | undefined;
  /** Whether the caller wants the body decoded; it may then travel compressed. */
  decoded: boolean;
  /** Waits out every retry unless told otherwise. */
  patience?: Patience;
  /** Who goes first, and how long a place in the connection's rate budget is waited for. */
  admission: Pick<Admission, 'priority' | 'longestWaitMs'>;
  signal: AbortSignal;
};

const defaultHeaders = { accept: 'application/json, text/plain, */*', 'user-agent': 'nango' };

@Injectable()
export class CallService {
  /** What follows from a target, made at its first call. */
  private readonly authorisations = new WeakMap<Target, Authorisation>();
  private readonly roots = new WeakMap<Target, ApiRoot>();
  private readonly budgets = new WeakMap<Target, BudgetRef[]>();

  constructor(
    private readonly guard: EgressGuard,
    private readonly connections: ConnectionService,
    @Inject(GOVERNOR) private readonly governor: Governor,
  ) {}

  /** Calls the API of a connection with its credential. Resolves with the final answer's head; the body is the caller's to read. */
  async call(target: Target, call: OutgoingCall): Promise<Answer> {
    let current = target;
    const admission = { ...call.admission, signal: call.signal };
    const send = async (): Promise<Answer> => {
      const admitted = this.governor.admit(this.budgetsOf(current), admission);
      return this.sendIn(admitted instanceof Promise ? await admitted : admitted, current, call);
    };
    const renew = async (): Promise<boolean> => {
      const before = current;
      current = await this.connections.reread(before);
      return current.credentialVersion !== before.credentialVersion;
    };
    return this.attempt(call, { ...call.retry, provider: target.provider.proxy?.retry }, send, renew);
  }

  private async sendIn(place: Place, target: Target, call: OutgoingCall): Promise<Answer> {
    try {
      const answer = await sendGuarded(this.guard, this.requestFor(target, call));
      place.answered(answer);
      return answer;
    } catch (error) {
      place.failed();
      throw error;
    }
  }

  /** Calls a URL as it stands, for nobody: no credential, no provider. */
  async callFreely(call: OutgoingCall): Promise<Answer> {
    const url = this.guard.check(call.query ? `${call.endpoint}${call.endpoint.includes('?') ? '&' : '?'}${call.query}` : call.endpoint);
    const headers = { ...defaultHeaders, ...encodings(call), ...call.headers };
    const send = (): Promise<Answer> => sendGuarded(this.guard, { url, method: call.method, headers, body: call.body, signal: call.signal });
    return this.attempt(call, call.retry, send, () => Promise.resolve(false));
  }

  private async attempt(call: OutgoingCall, rules: RetryRules, send: () => Promise<Answer>, renew: () => Promise<boolean>): Promise<Answer> {
    try {
      return await sendWithRetries({ rules, patience: call.patience ?? patient, signal: call.signal, send, renew });
    } catch (error) {
      throw call.signal.aborted || error instanceof ParkedCall ? error : failureOf(error);
    }
  }

  private requestFor(target: Target, call: OutgoingCall): OutgoingRequest {
    const { headers, query } = this.authorisationOf(target);
    const root = call.baseUrlOverride === undefined ? this.rootOf(target) : apiRoot(call.baseUrlOverride);
    return {
      url: upstreamUrl(root, { endpoint: call.endpoint, query: call.query && query ? `${call.query}&${query}` : call.query || query }),
      method: call.method,
      headers: { ...defaultHeaders, ...encodings(call), ...headers, ...call.headers },
      body: call.body,
      signal: call.signal,
    };
  }

  private authorisationOf(target: Target): Authorisation {
    const known = this.authorisations.get(target);
    if (known) return known;
    const made = authorisationOf(target.provider, target.credentials, target.connection.connectionConfig);
    if (!isPerCall(target.provider)) this.authorisations.set(target, made);
    return made;
  }

  private budgetsOf(target: Target): BudgetRef[] {
    const known = this.budgets.get(target);
    if (known) return known;
    const made = budgetsOf(target);
    this.budgets.set(target, made);
    return made;
  }

  private rootOf(target: Target): ApiRoot {
    const known = this.roots.get(target);
    if (known) return known;
    const made = apiRoot(baseUrlOf(target));
    this.roots.set(target, made);
    return made;
  }
}

function encodings({ decoded }: OutgoingCall): Record<string, string> {
  return decoded ? { 'accept-encoding': acceptedEncodings } : {};
}

function baseUrlOf({ provider, credentials, connection }: Target): string {
  const built = buildBaseUrl(provider, placeholderValues(credentials, connection.connectionConfig));
  if (built.kind === 'known') return built.url;
  if (built.kind === 'none') throw new AppError('unsupported_provider', { message: `The provider '${provider.name}' names no API; give a base URL override` });
  const why = built.kind === 'missing' ? `the connection lacks ${built.names.join(', ')}` : 'a value of the connection cannot stand in a host name';
  throw new AppError('missing_api_url', { message: `The API's base URL cannot be built: ${why}` });
}
