/* oxlint-disable typescript/no-explicit-any, max-lines -- the typings of scripts: permissive, so that those of every age type-check */
/** Levels of a log line. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'verbose' | 'silly' | 'http';

/** The last argument of `nango.log` that sets its level. */
export interface UserLogParameters {
  level?: LogLevel;
}

export type HTTP_METHOD = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'get' | 'post' | 'patch' | 'put' | 'delete';

export type ParamEncoder = (value: any, defaultEncoder: (value: any) => any) => any;

export interface ParamsSerializerOptions {
  encode?: ParamEncoder;
  indexes?: boolean | null;
  serialize?: (params: Record<string, any>, options?: ParamsSerializerOptions) => string;
}

/** What an external API answered. */
export interface AxiosResponse<T = any, D = any> {
  data: T;
  status: number;
  statusText: string;
  headers: any;
  config: any;
  request?: any;
  /** Never set; keeps the type of the request's body. */
  readonly __body?: D;
}

/** What is thrown when an external API answers outside 2xx, after all retries; or does not answer. */
export interface AxiosError<T = unknown, D = any> extends Error {
  config?: any;
  code?: string;
  request?: any;
  response?: AxiosResponse<T, D>;
  isAxiosError: boolean;
  status?: number;
  toJSON: () => object;
}

export interface RetryHeaderConfig {
  /** Header that names the time from which a retry may be sent. */
  at?: string | string[];
  /** Header that names the seconds to wait. */
  after?: string | string[];
}

export interface Pagination {
  type?: 'cursor' | 'link' | 'offset';
  /** Page size; only sent when set. */
  limit?: number | string;
  limit_name_in_request?: string;
  /** Dotted path to the list in the answer; empty is the answer itself. */
  response_path?: string;
  /** Whether paging parameters go into the body. */
  in_body?: boolean;
  /** Called when a page was taken, with the parameter that leads to the next one; nothing after the last. */
  on_page?: (state: { nextPageParam?: string | number; response: AxiosResponse }) => void | Promise<void>;
}

export interface CursorPagination extends Pagination {
  cursor_path_in_response?: string;
  cursor_name_in_request?: string;
}

export interface LinkPagination extends Pagination {
  link_rel_in_response_header?: string;
  link_path_in_response_body?: string;
}

export type OffsetCalculationMethod = 'per-page' | 'by-response-size';

export interface OffsetPagination extends Pagination {
  offset_name_in_request?: string;
  offset_start_value?: number;
  offset_calculation_method?: OffsetCalculationMethod;
}

/** A request to an external API; the connection's credentials are added on the way. */
export interface ProxyConfiguration {
  /** Path below the provider's base URL; a leading slash is optional. */
  endpoint: string;
  /** Defaults to the script's own integration. */
  providerConfigKey?: string;
  /** Defaults to the script's own connection. */
  connectionId?: string;
  method?: HTTP_METHOD;
  headers?: Record<string, string | number | boolean | null | undefined>;
  params?: string | Record<string, any>;
  paramsSerializer?: ParamsSerializerOptions;
  data?: unknown;
  /** Further attempts after the first one. */
  retries?: number;
  baseUrlOverride?: string;
  paginate?: Partial<CursorPagination> & Partial<LinkPagination> & Partial<OffsetPagination>;
  retryHeader?: RetryHeaderConfig;
  /** Further statuses that are tried again. */
  retryOn?: number[] | null;
  responseType?: 'arraybuffer' | 'blob' | 'document' | 'json' | 'text' | 'stream';
  decompress?: boolean | string;
  /** Credentials too follow a redirect to another host. */
  forwardHeadersOnRedirect?: boolean;
  /** How long to wait for the answer's first byte, and between any two of its body. */
  timeoutMs?: number;
}

export interface OAuth1Token {
  oAuthToken: string;
  oAuthTokenSecret: string;
}

export interface CredentialsCommon<T = Record<string, any>> {
  raw: T;
}

export interface OAuth2Credentials extends CredentialsCommon {
  type: 'OAUTH2';
  access_token: string;
  refresh_token?: string;
  expires_at?: Date;
  config_override?: { client_id?: string; client_secret?: string };
}

export interface OAuth2ClientCredentials extends CredentialsCommon {
  type: 'OAUTH2_CC';
  token: string;
  expires_at?: Date;
  client_id: string;
  client_secret: string;
}

export interface OAuth1Credentials extends CredentialsCommon {
  type: 'OAUTH1';
  oauth_token: string;
  oauth_token_secret: string;
}

export interface BasicApiCredentials {
  type: 'BASIC';
  username: string;
  password: string;
}

export interface ApiKeyCredentials {
  type: 'API_KEY';
  apiKey: string;
}

export interface AppCredentials {
  type: 'APP';
  access_token: string;
  expires_at?: Date;
  raw: Record<string, any>;
}

export interface AppStoreCredentials {
  type: 'APP_STORE';
  access_token: string;
  expires_at?: Date;
  raw: Record<string, any>;
  private_key: string;
}

export interface TbaCredentials {
  type: 'TBA';
  token_id: string;
  token_secret: string;
  config_override: { client_id?: string; client_secret?: string };
}

export interface TableauCredentials extends CredentialsCommon {
  type: 'TABLEAU';
  pat_name: string;
  pat_secret: string;
  content_url?: string;
  token?: string;
  expires_at?: Date;
}

export interface JwtCredentials {
  type: 'JWT';
  token?: string;
  expires_at?: Date;
  [key: string]: any;
}

export interface BillCredentials extends CredentialsCommon {
  type: 'BILL';
  username: string;
  password: string;
  organization_id: string;
  dev_key: string;
  session_id?: string;
  user_id?: string;
  expires_at?: Date;
}

export interface TwoStepCredentials extends CredentialsCommon {
  type: 'TWO_STEP';
  [key: string]: any;
  token?: string;
  expires_at?: Date;
}

export interface SignatureCredentials {
  type: 'SIGNATURE';
  username: string;
  password: string;
  token?: string;
  expires_at?: Date;
}

export interface CustomCredentials extends CredentialsCommon {
  type: 'CUSTOM';
  [key: string]: any;
}

export interface UnauthCredentials {
  type?: 'NONE';
}

export type AuthCredentials =
  | OAuth2Credentials
  | OAuth2ClientCredentials
  | OAuth1Credentials
  | BasicApiCredentials
  | ApiKeyCredentials
  | AppCredentials
  | AppStoreCredentials
  | TbaCredentials
  | TableauCredentials
  | JwtCredentials
  | BillCredentials
  | TwoStepCredentials
  | SignatureCredentials
  | CustomCredentials
  | UnauthCredentials;

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
  uncontrolledFetch(options: { url: URL; method?: HTTP_METHOD; headers?: Record<string, string>; body?: string | null }): Promise<Response>;

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
