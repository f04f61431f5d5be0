import type { AxiosRequestConfig, AxiosResponse } from 'axios';

/** How to reach a server, and defaults for the connection that calls are about. */
export interface NangoOptions {
  /** Base URL of the server. Default: `http://localhost:3003`. */
  host?: string;
  /** The environment's secret key. Never ship it to a browser. */
  secretKey: string;
  connectionId?: string;
  providerConfigKey?: string;
  isSync?: boolean;
  dryRun?: boolean;
  activityLogId?: string;
  userAgent?: string;
}

/** One external call through the server's proxy. */
export interface ProxyOptions {
  endpoint: string;
  providerConfigKey?: string;
  connectionId?: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'get' | 'post' | 'put' | 'patch' | 'delete';
  headers?: Record<string, string>;
  /** Query of the call: a string, or values by name. */
  params?: string | Record<string, string | number | boolean | string[] | number[]>;
  data?: unknown;
  /** Extra attempts after a failure that a retry can mend. Default 0. */
  retries?: number;
  retryOn?: number[] | null;
  baseUrlOverride?: string;
  decompress?: boolean;
  responseType?: AxiosRequestConfig['responseType'];
}

export type ProxyResponse<T = unknown> = AxiosResponse<T>;

/** Which records to list. `cursor` goes on where a page or a record's own cursor left off. */
export interface ListRecordsOptions {
  providerConfigKey: string;
  connectionId: string;
  model: string;
  variant?: string;
  /** ISO 8601; only records modified at or after it. */
  modifiedAfter?: string;
  /** @deprecated Use `modifiedAfter`. */
  delta?: string;
  /** 1 to 10,000; default 100. */
  limit?: number;
  filter?: 'added' | 'updated' | 'deleted' | (string & {});
  cursor?: string | null;
  ids?: (string | number)[];
}

/** What the server keeps beside each record. */
export interface RecordMetadata {
  first_seen_at: string;
  last_modified_at: string;
  last_action: 'ADDED' | 'UPDATED' | 'DELETED';
  deleted_at: string | null;
  pruned_at: string | null;
  cursor: string;
}

export type NangoRecord<T = Record<string, unknown>> = T & { id: string; _nango_metadata: RecordMetadata };

export interface TriggerActionOptions {
  providerConfigKey: string;
  connectionId: string;
  /** The action's name; `model` is the user guide's word for it. */
  action?: string;
  model?: string;
  input?: unknown;
}

export type SyncName = string | { name: string; variant?: string };

export interface SyncVariantOptions {
  provider_config_key: string;
  connection_id: string;
  name: string;
  variant: string;
}

export interface SyncStatusEntry {
  id: string;
  connection_id: string;
  name: string;
  variant: string;
  type: 'INITIAL' | 'INCREMENTAL';
  status: 'RUNNING' | 'SUCCESS' | 'ERROR' | 'STOPPED' | 'PAUSED';
  finishedAt: string | null;
  nextScheduledSyncAt: string | null;
  frequency: string;
  latestResult: Record<string, { added: number; updated: number; deleted: number }>;
  latestExecutionStatus: string | null;
  recordCount: Record<string, number>;
}

/** A connection as the server answers it. */
export interface NangoConnection {
  id: number;
  connection_id: string;
  provider_config_key: string;
  provider: string;
  errors: { type: 'auth' | 'sync'; log_id: string }[];
  end_user: Record<string, unknown> | null;
  metadata: Record<string, unknown>;
  connection_config: Record<string, unknown>;
  created_at: string;
  updated_at: string;
  last_fetched_at: string | null;
  credentials: NangoCredentials;
}

export type NangoCredentials =
  | { type: 'OAUTH2'; access_token: string; refresh_token?: string; expires_at?: string; raw: Record<string, unknown> }
  | { type: 'API_KEY'; apiKey: string }
  | { type: 'BASIC'; username: string; password: string }
  | ({ type: string } & Record<string, unknown>);

export interface ListConnectionsOptions {
  connectionId?: string;
  search?: string;
  integrationId?: string | string[];
  endUserId?: string;
  tags?: Record<string, string>;
  limit?: number;
  page?: number;
}
