import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Broker, LogEntry } from 'jail';
import { CallIds, decodeAnswer, type ExternalAnswer, isResult } from 'journal';
import {
  AppError,
  type ChildRequest,
  isAppError,
  type PlatformCall,
  platformCalls,
  type SaveAnswer,
  type SaveOperation,
  type ScriptCall,
  type ScriptContext,
  type TapePiece,
} from 'model';
import type { Caller, OrchestratorClient } from '../platform/orchestrator.client.js';
import type { ProxyClient } from '../platform/proxy.client.js';
import type { RunRequest } from './attempt.js';
import { type Call, JournaledCalls } from './journaled-calls.js';
import { LogBatch } from './log-batch.js';
import { ParkedAttempt } from './parked-attempt.js';
import { PendingSaves } from './pending-saves.js';
import type { RecordedCalls } from './recorded-calls.js';
import { SecretNames } from './secret-names.js';
import { StoredTape } from './stored-tape.js';

type ChildCall = Pick<ChildRequest, 'providerConfigKey' | 'connectionId' | 'actionName'> & { input: unknown };

type Parts = {
  orchestrator: OrchestratorClient;
  proxy: ProxyClient;
  caller: Caller;
  context: Pick<ScriptContext, 'models' | 'refusesInvalidRecords'>;
  run: Pick<RunRequest, 'longWaits' | 'attempt'>;
  runChild: (request: ChildCall & { call: string; tape: TapePiece | null }) => Promise<unknown>;
  /** What earlier attempts have left: calls, the length of the tape, how many lines were logged. */
  earlier: { recorded: RecordedCalls; tapeLength: number; logLines: number };
  /** The attempt has no say any more, or cannot go on; another one may. */
  onFatal: (error: AppError) => void;
  /** The run fails with this, whatever its script would do. */
  onFailure: (error: AppError) => void;
  onPark: (until: Date) => void;
};

/** Well within the activity's heartbeat timeout, since no jail is there to beat any more. */
const settleMs = 10_000;
/** After these the attempt has no say any more; the script must not go on as if it had. */
const fatalCodes = new Set<string>(['execution_fenced', 'unauthorized', 'service_unavailable']);
/** From this attempt on a failure of the platform that nobody can explain is told to the script instead of being tried again. */
const lastPatientAttempt = 3;
const saved: SaveAnswer = { added: 0, updated: 0, deleted: 0, unchanged: 0, duplicates: [] };

/** The broker of one attempt: names each call, and asks journal, proxy and orchestrator under the execution's token. */
export class ExecutionBroker implements Broker {
  readonly #parts: Parts;
  readonly #secrets = new SecretNames();
  readonly #ids = new CallIds((text) => this.#secrets.mask(text));
  readonly #tape: StoredTape;
  readonly #saves: PendingSaves;
  readonly #calls: JournaledCalls;
  readonly #logs: LogBatch;

  constructor(parts: Parts) {
    const { orchestrator, caller, earlier, onFatal, onFailure, onPark } = parts;
    this.#parts = parts;
    this.#tape = new StoredTape(earlier.tapeLength);
    this.#saves = new PendingSaves((error) => this.#saveFailed(error));
    const isFatal = (error: AppError): boolean => this.#isFatal(error);
    this.#calls = new JournaledCalls({ recorded: earlier.recorded, tape: this.#tape, saves: this.#saves, isFatal, onFatal, onStuck: onFailure, onPark });
    // Without the run's signal: what a cancelled script has said is worth keeping.
    this.#logs = new LogBatch((messages, from) => orchestrator.log({ token: caller.token }, { from, messages }), earlier.logLines);
  }

  /** Whether a call was answered with an error, or a status of 400 and above. */
  get sawError(): boolean {
    return this.#calls.sawError;
  }

  tape(text: string): void {
    this.#tape.grow(text);
  }

  /** The rest of the tape was dropped inside the jail; what the script does now is judged call by call. */
  diverged(detail: string): void {
    const { orchestrator, caller } = this.#parts;
    const message = `The run was interrupted and took another way when it went on: ${detail}`;
    // Not among the script's own lines, which are counted.
    orchestrator.log({ token: caller.token }, { messages: [{ at: new Date().toISOString(), level: 'debug', message }] }).catch(() => undefined);
  }

  async call(request: Omit<ScriptCall, 'call'>): Promise<ExternalAnswer> {
    const { dataBase64, tape: _, longWait: __, ...rest } = request;
    // Bytes as text, so that a secret within them is found.
    const args = dataBase64 === undefined ? rest : { ...rest, bytes: Buffer.from(dataBase64, 'base64').toString('latin1') };
    const id = this.#ids.next(request.method.toLowerCase(), args);
    const answered = await this.#calls.make({
      id,
      what: `${request.method} ${this.#secrets.mask(request.endpoint).split('?')[0]}`,
      order: request.method === 'GET' ? 'any' : 'outside',
      make: (tape) => this.#askApi({ ...request, call: id, tape }),
      recall: decodeAnswer,
    });
    if (answered.answer.status >= 400) this.#calls.noteError();
    return answered;
  }

  /** Always asked for: the journal keeps no credential. */
  async connection(request: { providerConfigKey?: string; connectionId?: string; forceRefresh?: boolean }): Promise<unknown> {
    const id = this.#ids.next('connection', request);
    const { proxy, caller } = this.#parts;
    const make: Call<unknown>['make'] = (tape) => proxy.connection(caller, { ...request, call: id, tape });
    const connection = await this.#calls.make({ id, what: 'getConnection', order: 'any', make, recall: null });
    const { credentials } = connection as { credentials?: unknown }; // the model's ConnectionWithCredentials
    this.#secrets.learn(`connection.${request.providerConfigKey ?? ''}.${request.connectionId ?? ''}`, credentials);
    return connection;
  }

  async save({ model, operation }: { model: string; operation: SaveOperation }, records: Uint8Array): Promise<SaveAnswer> {
    const { models, refusesInvalidRecords } = this.#parts.context;
    if (!models.includes(model))
      throw new AppError('unknown_model', { message: `'${model}' is not a model of this script`, payload: { model, declared: models } });
    const { orchestrator, caller } = this.#parts;
    const call = this.#ids.next(operation, { model, records: createHash('sha256').update(records).digest('base64url') });
    if (refusesInvalidRecords) {
      const make: Call<SaveAnswer>['make'] = (tape) => orchestrator.save(caller, () => ({ call, model, operation, tape }), records);
      return this.#calls.make({ id: call, what: operation, order: 'after-saves', make, recall: () => saved });
    }
    // Answered as soon as it is under way: what it comes to is nothing that a script is told.
    const send = (tape: TapePiece | null): Promise<void> =>
      this.#saves.add(async ({ order, settled }) => {
        await orchestrator.save(caller, () => ({ call, model, operation, tape, order, settled: settled() }), records);
        this.#tape.stored(tape);
      });
    await this.#calls.make({ id: call, what: operation, order: 'any', make: send, recall: () => undefined, isStoredLater: true });
    return saved;
  }

  log(entry: LogEntry): Promise<void> {
    this.#logs.add(entry);
    return Promise.resolve();
  }

  async platform(request: PlatformCall): Promise<unknown> {
    const { orchestrator, caller } = this.#parts;
    const { method, args } = request;
    // What is deleted for not having been seen is what was not seen from here on.
    if ((method as string) === 'trackDeletesStart') this.#calls.forgetErrors();
    const id = this.#ids.next(method, args);
    const answer = await this.#calls.make({
      id,
      what: method,
      order: platformCalls[method].effect === 'lookup' ? 'any' : 'after-saves',
      make: (tape) => orchestrator.perform(caller, { call: id, request, tape, sawError: this.sawError }),
      recall: (value) => JSON.parse(Buffer.from(value).toString()) as unknown,
    });
    if (method === 'environmentVariables')
      this.#secrets.learn('environment', Object.fromEntries((answer as Variables).map(({ name, value }) => [name, value])));
    return answer;
  }

  triggerAction(request: ChildCall): Promise<unknown> {
    const id = this.#ids.next('triggerAction', request);
    return this.#calls.make({
      id,
      what: `triggerAction ${request.actionName}`,
      order: 'outside',
      make: (tape) => this.#parts.runChild({ ...request, call: id, tape }),
      recall: null,
    });
  }

  /**
   * Resolves when nothing the script began is on its way any more: a save it did not await belongs to its run, too.
   * What takes longer than a heartbeat may is left behind.
   */
  async settled(): Promise<void> {
    this.#calls.stop();
    await this.#calls.settled(settleMs);
    const late = new Promise((resolve) => setTimeout(resolve, settleMs).unref());
    await Promise.race([this.#logs.flush(), late]);
  }

  /** Resolves when everything saved has committed. What was not is not lost: the attempt ends for it. */
  committed(): Promise<void> {
    return this.#saves.settled();
  }

  async #askApi(request: ScriptCall): Promise<ExternalAnswer> {
    const { proxy, caller } = this.#parts;
    for (;;) {
      const reply = await proxy.call(caller, { ...request, longWait: this.#mayPark ? 'park' : 'wait' });
      if ('answer' in reply) return reply;
      const until = new Date(reply.parkedUntil);
      if (this.#mayPark) throw new ParkedAttempt(until);
      // It has written outside meanwhile, and its caller waits for it.
      await wait(Math.max(0, until.getTime() - Date.now()), undefined, caller.signal ? { signal: caller.signal } : {});
    }
  }

  get #mayPark(): boolean {
    const { longWaits } = this.#parts.run;
    return longWaits === 'parks' || (longWaits === 'refuses' && !this.#calls.hasWrittenOutside);
  }

  #isFatal({ code }: AppError): boolean {
    return fatalCodes.has(code) || (code === 'server_error' && this.#parts.run.attempt.attempt < lastPatientAttempt);
  }

  /** The script has gone on as if it were saved: either another attempt saves it, or the run has failed. */
  #saveFailed(error: unknown): void {
    const { onFatal, onFailure } = this.#parts;
    if (isResult(error)) onFailure(error);
    else onFatal(isAppError(error) ? error : new AppError('server_error', { message: 'A save failed', cause: error }));
  }
}

type Variables = { name: string; value: string }[];
