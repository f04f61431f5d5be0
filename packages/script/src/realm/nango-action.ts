import { Checkpoints } from './checkpoint.js';
import { ConnectionMemo, type ScriptConnection, tokenOf } from './connection-memo.js';
import { ActionError, NangoError } from './error/nango-error.js';
import type { AbortSignal } from './globals/abort.js';
import { callOut } from './http/client.js';
import type { ProxyConfiguration } from './http/proxy-configuration.js';
import type { FetchResponse } from './http/fetch-response.js';
import type { HttpResponse } from './http/response.js';
import { uncontrolledFetch, type UncontrolledRequest } from './http/uncontrolled-fetch.js';
import { IntegrationMemo } from './integration-memo.js';
import { releaseLock, tryAcquireLock } from './locks.js';
import { paginate } from './paginate/paginate.js';
import { askPlatform } from './platform.js';
import { checkAborted, type Run } from './run.js';
import { type ScriptSyncName, startSync, triggerSync } from './sync-commands.js';
import { type Validation, validateInput } from './validate-input.js';

type Values = Record<string, unknown>;

/** The `nango` object of actions and event scripts (surface 1.2). */
export class NangoAction {
  readonly #run: Run;
  readonly #connections: ConnectionMemo;
  readonly #integrations: IntegrationMemo;
  readonly #checkpoints: Checkpoints;
  readonly ActionError = ActionError;
  readonly connectionId: string;
  readonly providerConfigKey: string;
  readonly provider: string;
  readonly environmentId: number;
  readonly environmentName: string;
  readonly accountId: number;
  readonly nangoConnectionId: number;
  readonly activityLogId: string;
  readonly syncId: string | undefined;
  readonly syncJobId: string;
  readonly scriptType: string;
  readonly variant: string;
  readonly syncConfig: object;
  readonly runnerFlags: object = {};
  readonly integrationConfig: object = {};
  readonly abortSignal: AbortSignal;
  readonly dryRun: boolean;
  readonly isCLI: boolean;

  constructor(run: Run) {
    const { context } = run;
    this.#run = run;
    this.#connections = new ConnectionMemo(run);
    this.#integrations = new IntegrationMemo(run);
    this.#checkpoints = new Checkpoints(run);
    this.connectionId = context.connectionId;
    this.providerConfigKey = context.providerConfigKey;
    this.provider = context.provider;
    this.environmentId = context.environmentId;
    this.environmentName = context.environmentName;
    this.accountId = context.accountId ?? 0;
    this.nangoConnectionId = context.nangoConnectionId;
    this.activityLogId = context.operationId;
    this.syncId = context.syncId ?? undefined;
    this.syncJobId = context.executionId;
    this.scriptType = context.kind;
    this.variant = context.variant;
    this.syncConfig = {
      sync_name: context.scriptName,
      type: context.kind,
      models: context.models,
      track_deletes: context.trackDeletes,
      attributes: context.attributes,
    };
    this.abortSignal = run.signal;
    this.dryRun = run.dryRun;
    this.isCLI = run.dryRun;
  }

  async proxy<T = unknown>(config: ProxyConfiguration): Promise<HttpResponse<T>> {
    checkAborted(this.#run);
    // The caller names the form of the data it expects, as with axios.
    return (await callOut(this.#run.bridge, config)) as HttpResponse<T>;
  }

  get<T = unknown>(config: ProxyConfiguration): Promise<HttpResponse<T>> {
    return this.proxy<T>({ ...config, method: 'GET' });
  }

  post<T = unknown>(config: ProxyConfiguration): Promise<HttpResponse<T>> {
    return this.proxy<T>({ ...config, method: 'POST' });
  }

  put<T = unknown>(config: ProxyConfiguration): Promise<HttpResponse<T>> {
    return this.proxy<T>({ ...config, method: 'PUT' });
  }

  patch<T = unknown>(config: ProxyConfiguration): Promise<HttpResponse<T>> {
    return this.proxy<T>({ ...config, method: 'PATCH' });
  }

  delete<T = unknown>(config: ProxyConfiguration): Promise<HttpResponse<T>> {
    return this.proxy<T>({ ...config, method: 'DELETE' });
  }

  paginate(config: ProxyConfiguration): AsyncGenerator<unknown[]> {
    return paginate(config, this.#run.context.providerPagination, (page) => this.proxy(page));
  }

  async log(...args: unknown[]): Promise<void> {
    checkAborted(this.#run);
    this.#run.log.write(args);
  }

  setLogger({ level }: { level?: string } = {}): void {
    this.#run.log.setLevel(level);
  }

  async getConnection(
    providerConfigKey?: string,
    connectionId?: string,
    options?: { refreshToken?: boolean; forceRefresh?: boolean },
  ): Promise<ScriptConnection> {
    checkAborted(this.#run);
    return this.#connections.get(providerConfigKey, connectionId, options);
  }

  async getToken(): Promise<unknown> {
    return tokenOf(await this.getConnection());
  }

  async getMetadata(): Promise<Values> {
    return (await this.getConnection()).metadata ?? {};
  }

  async setMetadata(metadata: Values): Promise<HttpResponse<Values>> {
    return this.#writeMetadata('replace', metadata);
  }

  async updateMetadata(metadata: Values): Promise<HttpResponse<Values>> {
    return this.#writeMetadata('merge', metadata);
  }

  /** Deprecated: `getMetadata` reads the same. */
  async getFieldMapping(): Promise<unknown> {
    return (await this.getMetadata())['fieldMapping'] ?? {};
  }

  /** Deprecated: replaces the whole metadata, as it always has. */
  async setFieldMapping(fieldMapping: Values): Promise<HttpResponse<Values>> {
    return this.setMetadata({ fieldMapping });
  }

  async getEnvironmentVariables(): Promise<unknown> {
    return askPlatform(this.#run, 'environmentVariables', {});
  }

  getFlowAttributes(): Values {
    if (!this.syncJobId) throw new NangoError('script_internal_error', 'Flow attributes are there only while a script runs for a job');
    return this.#run.context.attributes;
  }

  async getIntegration(options?: { include?: ('webhook' | 'credentials')[] }): Promise<unknown> {
    return this.#integrations.get(options);
  }

  /** Where the provider is told to send its webhooks. */
  async getWebhookURL(): Promise<string | null> {
    return (await this.#integrations.get({ include: ['webhook'] })).webhook_url ?? null;
  }

  async uncontrolledFetch(request: UncontrolledRequest): Promise<FetchResponse> {
    return uncontrolledFetch(this.#run, request);
  }

  async triggerSync(providerConfigKey: string, connectionId: string, sync: ScriptSyncName, mode?: unknown): Promise<void> {
    return triggerSync(this.#run, { providerConfigKey, connectionId, sync }, mode);
  }

  async startSync(providerConfigKey: string, syncs: ScriptSyncName[], connectionId?: string): Promise<void> {
    return startSync(this.#run, providerConfigKey, syncs, connectionId);
  }

  async tryAcquireLock(lock: { key: string; ttlMs: number }): Promise<boolean> {
    return tryAcquireLock(this.#run, lock);
  }

  async releaseLock(lock: { key: string }): Promise<boolean> {
    return releaseLock(this.#run, lock);
  }

  async releaseAllLocks(): Promise<void> {
    await askPlatform(this.#run, 'releaseAllLocks', {});
  }

  async getCheckpoint(): Promise<unknown> {
    return this.#checkpoints.get();
  }

  async saveCheckpoint(checkpoint: Values): Promise<void> {
    return this.#checkpoints.save(checkpoint ?? undefined);
  }

  async clearCheckpoint(): Promise<void> {
    return this.#checkpoints.save(null);
  }

  async triggerAction(providerConfigKey: string, connectionId: string, actionName: string, input?: unknown): Promise<unknown> {
    checkAborted(this.#run);
    return (await this.#run.bridge.call({ method: 'triggerAction', args: { providerConfigKey, connectionId, actionName, input: input ?? null } })).value;
  }

  /** Logs each problem of the input and ends the run with an `ActionError`; else answers what zod made of it. */
  async zodValidateInput(request: Validation): Promise<unknown> {
    return validateInput(request, this.#run.log);
  }

  async #writeMetadata(mode: 'replace' | 'merge', metadata: Values): Promise<HttpResponse<Values>> {
    checkAborted(this.#run);
    if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) throw new NangoError('invalid_metadata', 'Metadata must be an object');
    this.#connections.forget();
    await askPlatform(this.#run, 'setMetadata', { mode, metadata });
    const data = { connection_id: this.connectionId, provider_config_key: this.providerConfigKey, metadata };
    // As the public API answers: POST replaces, PATCH merges.
    const [status, statusText] = mode === 'replace' ? [201, 'Created'] : [200, 'OK'];
    return { data, status, statusText, headers: {}, config: { endpoint: '' }, request: {} };
  }
}
