import { Inject, Injectable } from '@nestjs/common';
import {
  BeginAnswer,
  type BeginRequest,
  ChildAnswer,
  type ChildRequest,
  FinishAnswer,
  type FinishRequest,
  type JailReport,
  type LogRequest,
  PlatformReply,
  type PlatformRequest,
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

  async save(caller: Caller, head: SaveHead, records: Uint8Array): Promise<SaveAnswer> {
    const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), records]);
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
