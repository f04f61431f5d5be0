/* oxlint-disable typescript/no-explicit-any -- the typings of scripts: permissive, so that those of every age type-check */
import type { AxiosResponse, HTTP_METHOD, ProxyConfiguration } from './calls.js';
import type { AuthCredentials, OAuth1Token } from './credentials.js';

/** Free-form values that a team keeps with a connection. */
export interface Metadata {
  [key: string]: any;
}

export interface MetadataChangeResponse {
  metadata: Metadata;
  provider_config_key: string;
  connection_id: string | string[];
}

export interface EndUser {
  id: string;
  display_name: string | null;
  email: string | null;
  tags: Record<string, string>;
  organization: { id: string; display_name: string | null } | null;
}

/** A customer's authorisation, with its credentials. */
export interface Connection {
  id: number;
  connection_id: string;
  provider_config_key: string;
  provider: string;
  created_at: string;
  updated_at: string;
  last_fetched_at: string;
  metadata: any;
  connection_config: Record<string, any>;
  errors: { type: string; log_id: string }[];
  end_user: EndUser | null;
  tags: Record<string, string>;
  credentials: AuthCredentials;
}

export interface Integration {
  unique_key: string;
  display_name: string;
  provider: string;
  logo: string;
  created_at: string;
  updated_at: string;
  webhook_url?: string | null;
  credentials?: any;
}

export interface EnvironmentVariable {
  name: string;
  value: string;
}

export interface SyncConfig {
  sync_name: string;
  nango_config_id?: number;
  track_deletes?: boolean;
  auto_start?: boolean;
  attributes?: any;
  models: string[];
  type?: string;
  version?: string;
  [key: string]: any;
}

/** An error that an action answers to its caller, with a payload of the script's own. */
export declare class ActionError<T = any> extends Error {
  type: string;
  payload?: Record<string, unknown>;
  constructor(payload?: T);
}

/** The shape of a validator that `zodValidateInput` accepts; any zod schema has it. */
export interface InputSchema<T> {
  readonly _output: T;
  safeParse(input: unknown): unknown;
}

/** What `uncontrolledFetch` answers: whole from the start, so `body` is a stream of one piece. */
export interface FetchedResponse extends Response {
  clone(): FetchedResponse;
  /** @deprecated Not available in scripts: it always fails. Read `text()` or `bytes()`. */
  formData(): Promise<never>;
}

/** What an action's script works with. */
export declare class NangoAction {
  connectionId: string;
  providerConfigKey: string;
  provider?: string;
  environmentId: number;
  environmentName?: string;
  accountId?: number;
  activityLogId: string;
  syncId?: string;
  /** Identifies the run: the same number in every attempt of it. */
  syncJobId?: number;
  nangoConnectionId?: number;
  scriptType: string;
  syncConfig?: SyncConfig;
  integrationConfig?: any;
  runnerFlags: any;
  /** Whether the script runs in the CLI. */
  dryRun?: boolean;
  isCLI: boolean;
  /** `base` unless the sync is a variant. */
  variant: string;
  abortSignal?: AbortSignal;
  ActionError: typeof ActionError;

  proxy<T = any>(config: ProxyConfiguration): Promise<AxiosResponse<T>>;
  get<T = any>(config: ProxyConfiguration): Promise<AxiosResponse<T>>;
  post<T = any>(config: ProxyConfiguration): Promise<AxiosResponse<T>>;
  put<T = any>(config: ProxyConfiguration): Promise<AxiosResponse<T>>;
  patch<T = any>(config: ProxyConfiguration): Promise<AxiosResponse<T>>;
  delete<T = any>(config: ProxyConfiguration): Promise<AxiosResponse<T>>;
  /** Pages of an endpoint, one after the other. */
  paginate<T = any>(config: ProxyConfiguration): AsyncGenerator<T[], undefined, void>;
  /** A request without credentials, to any address that the platform allows. */
  uncontrolledFetch(options: { url: URL; method?: HTTP_METHOD; headers?: Record<string, string>; body?: string | null }): Promise<FetchedResponse>;

  getToken(): Promise<string | OAuth1Token | AuthCredentials>;
  getConnection(
    providerConfigKeyOverride?: string,
    connectionIdOverride?: string,
    options?: { refreshToken?: boolean; refreshGithubAppJwtToken?: boolean; forceRefresh?: boolean },
  ): Promise<Connection>;
  getIntegration(options?: { include?: ('webhook' | 'credentials')[] }): Promise<Integration>;
  getMetadata<T = any>(): Promise<T>;
  /** Replaces the connection's metadata. */
  setMetadata(metadata: Metadata): Promise<AxiosResponse<MetadataChangeResponse>>;
  /** Merges into the connection's metadata, key by key. */
  updateMetadata(metadata: Metadata): Promise<AxiosResponse<MetadataChangeResponse>>;
  /** @deprecated use getMetadata */
  getFieldMapping(): Promise<Metadata>;
  /** @deprecated use setMetadata */
  setFieldMapping(fieldMapping: Record<string, string>): Promise<AxiosResponse<object>>;
  getWebhookURL(): Promise<string | null | undefined>;
  getEnvironmentVariables(): Promise<EnvironmentVariable[] | null>;
  getFlowAttributes<A = object>(): A | null;

  log(message: any): Promise<void>;
  log(...args: [message: any, ...payload: any[], last: object | undefined]): Promise<void>;
  setLogger(options: { level: 'debug' | 'info' | 'warn' | 'error' | 'off' }): void;

  triggerAction<In = unknown, Out = any>(providerConfigKey: string, connectionId: string, actionName: string, input?: In): Promise<Out>;
  triggerSync(
    providerConfigKey: string,
    connectionId: string,
    sync: string | { name: string; variant: string },
    syncMode?: boolean | string | { reset?: boolean; emptyCache?: boolean },
  ): Promise<void | string>;
  startSync(providerConfigKey: string, syncs: (string | { name: string; variant: string })[], connectionId?: string): Promise<void>;
  /** Checks an input; each problem is logged, then an ActionError is thrown. */
  zodValidateInput<T = any>(options: { zodSchema: InputSchema<T>; input: unknown }): Promise<{ success: true; data: T }>;

  /** Takes a lock among all runs for this connection, for at most `ttlMs` (a day); false while another run holds it. Called again it is prolonged; the end of the run releases it. */
  tryAcquireLock(options: { key: string; ttlMs: number }): Promise<boolean>;
  /** Whether this run held it. */
  releaseLock(options: { key: string }): Promise<boolean>;
  releaseAllLocks(): Promise<void>;
  /** What an earlier run saved: one checkpoint per sync and variant, or per action and connection. A full resync clears it. */
  getCheckpoint<T = any>(): Promise<T | null>;
  /** Fails with `checkpoint_conflict` when another run has saved one since this run has read it. */
  saveCheckpoint(checkpoint: Record<string, string | number | boolean>): Promise<void>;
  clearCheckpoint(): Promise<void>;
}

/** What a sync's script works with. */
export declare class NangoSync extends NangoAction {
  /** Start of the last successful run; not set on the first one. */
  lastSyncDate?: Date;
  track_deletes: boolean;
  /** Whether the run starts from an emptied cache. */
  emptyCache?: boolean;

  /** Adds or replaces records. */
  batchSave<T = any>(results: T[] | null | undefined, model: string): Promise<boolean | null>;
  /** Flags records as deleted; only their ids are needed. */
  batchDelete<T = any>(results: T[] | null | undefined, model: string): Promise<boolean | null>;
  /** Merges into records that exist; others are ignored. */
  batchUpdate<T = any>(results: T[] | null | undefined, model: string): Promise<boolean | null>;
  /** @deprecated use batchSave */
  batchSend<T = any>(results: T[] | null | undefined, model: string): Promise<boolean | null>;
  /** Overrules the last sync date that the next run will see. */
  setLastSyncDate(date: Date): Promise<boolean>;
  /** Records of this sync that are in the cache, under the ids as given; deleted and unknown ones are left out. */
  getRecordsByIds<K = string | number, T = any>(ids: K[], model: string): Promise<Map<K, T>>;
  /** Records in the cache with their `_nango_metadata`, oldest change first; deleted ones are left out. */
  listRecords<T = any>(model: string, options?: { cursor?: string }): AsyncGenerator<T, undefined, void>;
  /** From now on and in this run: leave alone what others change meanwhile, or win over it (the default). */
  setMergingStrategy(merging: { strategy: 'ignore_if_modified_after' | 'override' }, model: string): Promise<void>;
  /** Until trackDeletesEnd, in this run or a later one, every saved record is noted. */
  trackDeletesStart(model: string): Promise<void>;
  /** Deletes what was there at the start and was not saved since. A deletion too large to be believed waits for a decision. */
  trackDeletesEnd(model: string): Promise<{ deletedKeys: string[] }>;
  /** @deprecated use trackDeletesStart and trackDeletesEnd */
  deleteRecordsFromPreviousExecutions(model: string): Promise<{ deletedKeys: string[] }>;
}
