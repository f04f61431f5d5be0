import { Inject, Injectable } from '@nestjs/common';
import { decodePage, type JournalItem } from 'journal';
import {
  BeginAnswer,
  type BeginRequest,
  ChildAnswer,
  type ChildRequest,
  FinishAnswer,
  type FinishRequest,
  type JailReport,
  type LogRequest,
  type ParkRequest,
  PlatformReply,
  type PlatformRequest,
  RunAnswer,
  SaveAnswer,
  type SaveHead,
} from 'model';
import { serviceToken } from 'service';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { InternalHttp, type InternalRequest } from './internal-http.js';

/** What a call is made under: the execution's token, and the run that it belongs to. */
export type Caller = Pick<InternalRequest, 'token' | 'onRetry' | 'signal'>;

/** The orchestrator's execution API, as a runner uses it. */
@Injectable()
export class OrchestratorClient {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly http: InternalHttp,
  ) {}

  async begin(executionId: string, request: BeginRequest, onRetry: () => void): Promise<BeginAnswer> {
    const token = serviceToken(this.configuration.NANGO_INTERNAL_KEY, 'runner');
    return BeginAnswer.parse(await this.post({ token, onRetry }, `/executions/${executionId}/begin`, request));
  }

  async report(request: JailReport): Promise<void> {
    const token = serviceToken(this.configuration.NANGO_INTERNAL_KEY, 'runner');
    await this.post({ token, onRetry: () => undefined }, '/runners', request);
  }

  async bundle(caller: Caller): Promise<string> {
    const { body } = await this.http.send({ ...caller, method: 'GET', url: this.url('/execution/bundle') });
    return Buffer.from(body).toString('utf8');
  }

  /** `head` is asked for anew for each try: an orchestrator that was restarted must hear how far the saves have come. */
  async save(caller: Caller, head: () => SaveHead, records: Uint8Array): Promise<SaveAnswer> {
    const bytes = (): Uint8Array => Buffer.concat([Buffer.from(`${JSON.stringify(head())}\n`), records]);
    const { body } = await this.http.send({ ...caller, method: 'POST', url: this.url('/execution/records'), bytes });
    return SaveAnswer.parse(toJson(body));
  }

  async log(caller: Caller, request: LogRequest): Promise<void> {
    await this.post(caller, '/execution/logs', request);
  }

  /** Answers the method's own answer. */
  async perform(caller: Caller, request: PlatformRequest): Promise<unknown> {
    return PlatformReply.parse(await this.post(caller, '/execution/calls', request)).value;
  }

  async openChild(caller: Caller, request: ChildRequest): Promise<ChildAnswer> {
    return ChildAnswer.parse(await this.post(caller, '/execution/children', request));
  }

  async park(caller: Caller, until: Date): Promise<RunAnswer> {
    return RunAnswer.parse(await this.post(caller, '/execution/park', { until: until.toISOString() } satisfies ParkRequest));
  }

  /** What earlier attempts have called, after a sequence number; empty at the end. */
  async journal(caller: Caller, after: number): Promise<JournalItem[]> {
    const { body } = await this.http.send({ ...caller, method: 'GET', url: this.url(`/execution/journal?after=${after}`) });
    return decodePage(body);
  }

  /** What earlier attempts have read and received. */
  async tape(caller: Caller): Promise<string> {
    const { body } = await this.http.send({ ...caller, method: 'GET', url: this.url('/execution/tape') });
    return Buffer.from(body).toString('utf8');
  }

  async finish(caller: Caller, request: FinishRequest): Promise<FinishAnswer> {
    return FinishAnswer.parse(await this.post(caller, '/execution/finish', request));
  }

  private async post(caller: Caller, path: string, json: unknown): Promise<unknown> {
    const { body } = await this.http.send({ ...caller, method: 'POST', url: this.url(path), json });
    return body.byteLength === 0 ? undefined : toJson(body);
  }

  private url(path: string): string {
    return this.configuration.ORCHESTRATOR_URL.replace(/\/$/, '') + path;
  }
}

function toJson(body: Uint8Array): unknown {
  return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
}
