import { createHash } from 'node:crypto';
import type { Broker, LogEntry } from 'jail';
import { CallIds } from 'journal';
import { AppError, type CallAnswer, isAppError, type PlatformCall, type SaveAnswer, type SaveOperation, type ScriptCall } from 'model';
import type { Caller, OrchestratorClient } from '../platform/orchestrator.client.js';
import type { ProxyClient } from '../platform/proxy.client.js';
import { LogBatch } from './log-batch.js';

type RunChild = (request: { call: string; providerConfigKey: string; connectionId: string; actionName: string; input: unknown }) => Promise<unknown>;
type Parts = { orchestrator: OrchestratorClient; proxy: ProxyClient; caller: Caller; runChild: RunChild; onFatal: (error: AppError) => void };

/** Well within the activity's heartbeat timeout, since no jail is there to beat any more. */
const settleMs = 10_000;
/** After these the attempt has no say any more; the script must not go on as if it had. */
const fatalCodes = new Set<string>(['execution_fenced', 'unauthorized', 'service_unavailable']);

/** The broker of one attempt: names each call, and asks proxy and orchestrator under the execution's token. */
export class ExecutionBroker implements Broker {
  readonly #parts: Parts;
  readonly #ids = new CallIds();
  readonly #logs: LogBatch;
  readonly #open = new Set<Promise<unknown>>();

  constructor(parts: Parts) {
    this.#parts = parts;
    // Without the run's signal: what a cancelled script has said is worth keeping.
    this.#logs = new LogBatch((messages) => parts.orchestrator.log({ token: parts.caller.token }, { messages }));
  }

  call(request: Omit<ScriptCall, 'call'>): Promise<{ answer: CallAnswer; body: Uint8Array }> {
    const { proxy, caller } = this.#parts;
    const call = this.#ids.next(request.method.toLowerCase(), request);
    return this.#follow(proxy.call(caller, { ...request, call }));
  }

  connection(request: { providerConfigKey?: string; connectionId?: string; forceRefresh?: boolean }): Promise<unknown> {
    return this.#follow(this.#parts.proxy.connection(this.#parts.caller, request));
  }

  save({ model, operation }: { model: string; operation: SaveOperation }, records: Uint8Array): Promise<SaveAnswer> {
    const { orchestrator, caller } = this.#parts;
    const call = this.#ids.next(operation, { model, records: createHash('sha256').update(records).digest('base64url') });
    return this.#follow(orchestrator.save(caller, { call, model, operation }, records));
  }

  log(entry: LogEntry): Promise<void> {
    this.#logs.add(entry);
    return Promise.resolve();
  }

  platform(request: PlatformCall): Promise<unknown> {
    const { orchestrator, caller } = this.#parts;
    const call = this.#ids.next(request.method, request.args);
    return this.#follow(orchestrator.perform(caller, { call, request }));
  }

  triggerAction(request: { providerConfigKey: string; connectionId: string; actionName: string; input: unknown }): Promise<unknown> {
    const call = this.#ids.next('triggerAction', request);
    return this.#follow(this.#parts.runChild({ ...request, call }));
  }

  /**
   * Resolves when nothing the script began is on its way any more: a save it did not await belongs to its run, too.
   * What takes longer than a heartbeat may is left behind.
   */
  async settled(): Promise<void> {
    const patience = AbortSignal.timeout(settleMs);
    const late = new Promise((resolve) => patience.addEventListener('abort', resolve, { once: true }));
    while (this.#open.size > 0 && !patience.aborted) await Promise.race([Promise.allSettled(this.#open), late]);
    await Promise.race([this.#logs.flush(), late]);
  }

  async #follow<T>(call: Promise<T>): Promise<T> {
    this.#open.add(call);
    try {
      return await call;
    } catch (error) {
      if (isAppError(error) && fatalCodes.has(error.code)) this.#parts.onFatal(error);
      throw error;
    } finally {
      this.#open.delete(call);
    }
  }
}
