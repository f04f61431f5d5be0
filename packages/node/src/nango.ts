import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { serverClient } from './http.js';
import type {
  ListConnectionsOptions,
  ListRecordsOptions,
  NangoConnection,
  NangoOptions,
  NangoRecord,
  ProxyOptions,
  ProxyResponse,
  SyncName,
  SyncStatusEntry,
  SyncVariantOptions,
  TriggerActionOptions,
} from './options.js';
import { proxyRequest } from './proxy-request.js';
import { isCompatibleSignature, isHmacSignature } from './webhook-signature.js';

type Json = Record<string, unknown>;
type Records<T> = { records: NangoRecord<T>[]; next_cursor: string | null };

/**
 * A product's backend client. Every failure of the server is an axios error with the server's body in `response.data`.
 *
 * @example
 * const nango = new Nango({ secretKey: process.env.NANGO_SECRET_KEY! });
 * const { records } = await nango.listRecords({ providerConfigKey: 'asana-dev', connectionId: 'c1', model: 'AsanaTask' });
 */
export class Nango {
  private readonly http: AxiosInstance;

  constructor(private readonly options: NangoOptions) {
    this.http = serverClient(options);
  }

  // Providers and integrations

  async listProviders(options: { search?: string } = {}): Promise<{ data: Json[] }> {
    return this.ask({ url: '/providers', params: options });
  }

  async getProvider({ provider }: { provider: string }): Promise<{ data: Json }> {
    return this.ask({ url: `/providers/${encodeURIComponent(provider)}` });
  }

  async listIntegrations(): Promise<{ configs: { unique_key: string; provider: string }[] } & Json> {
    return this.ask({ url: '/integrations' });
  }

  /** By key as older versions had it (`GET /config`), or by `{ uniqueKey }` with what to include. */
  async getIntegration(key: string | { uniqueKey: string }, detail?: boolean | { include?: ('webhook' | 'credentials')[] }): Promise<Json> {
    if (typeof key === 'string') return this.ask({ url: `/config/${encodeURIComponent(key)}`, params: { include_creds: detail === true } });
    const include = typeof detail === 'object' ? (detail.include ?? []) : [];
    return this.ask({ url: `/integrations/${encodeURIComponent(key.uniqueKey)}`, params: { include }, paramsSerializer: { indexes: null } });
  }

  async createIntegration(body: Json): Promise<Json> {
    return this.ask({ method: 'POST', url: 'provider_config_key' in body ? '/config' : '/integrations', data: body });
  }

  async updateIntegration(key: { uniqueKey: string } | Json, body?: Json): Promise<Json> {
    if (body && 'uniqueKey' in key) return this.ask({ method: 'PATCH', url: `/integrations/${encodeURIComponent(String(key.uniqueKey))}`, data: body });
    return this.ask({ method: 'PUT', url: '/config', data: key });
  }

  async deleteIntegration(uniqueKey: string): Promise<ProxyResponse> {
    return this.http.delete(`/config/${encodeURIComponent(uniqueKey)}`);
  }

  // Connections

  async listConnections(filter?: string | ListConnectionsOptions, search?: string): Promise<{ connections: Json[] }> {
    const { tags, ...params } = typeof filter === 'object' ? filter : { connectionId: filter, search };
    const tagParams = Object.fromEntries(Object.entries(tags ?? {}).map(([name, value]) => [`tags[${name}]`, value]));
    return this.ask({ url: '/connection', params: { ...params, ...tagParams }, paramsSerializer: { indexes: null } });
  }

  /** The connection with a credential that is good for some minutes more; it is refreshed first where it must be. */
  async getConnection(providerConfigKey: string, connectionId: string, forceRefresh = false, refreshToken = false): Promise<NangoConnection> {
    return this.ask({
      url: `/connection/${encodeURIComponent(connectionId)}`,
      params: { provider_config_key: providerConfigKey, force_refresh: forceRefresh, refresh_token: refreshToken },
      headers: this.modeHeaders(),
    });
  }

  async importConnection(body: Json): Promise<Json> {
    return this.ask({ method: 'POST', url: '/connections', data: body });
  }

  async deleteConnection(providerConfigKey: string, connectionId: string): Promise<ProxyResponse> {
    return this.http.delete(`/connection/${encodeURIComponent(connectionId)}`, { params: { provider_config_key: providerConfigKey } });
  }

  /** The access token of an OAuth 2.0 connection; the whole credential of any other kind. */
  async getToken(providerConfigKey: string, connectionId: string, forceRefresh = false): Promise<string | Json> {
    const { credentials } = await this.getConnection(providerConfigKey, connectionId, forceRefresh);
    return credentials.type === 'OAUTH2' ? String(credentials.access_token) : (credentials as Json);
  }

  async getRawTokenResponse<T = Json>(providerConfigKey: string, connectionId: string, forceRefresh = false): Promise<T> {
    const { credentials } = await this.getConnection(providerConfigKey, connectionId, forceRefresh);
    return (credentials as { raw: T }).raw;
  }

  async getMetadata<T = Json>(providerConfigKey: string, connectionId: string): Promise<T> {
    return (await this.getConnection(providerConfigKey, connectionId)).metadata as T;
  }

  /** Replaces all metadata of one connection, or of several alike. */
  async setMetadata(providerConfigKey: string, connectionId: string | string[], metadata: Json): Promise<ProxyResponse> {
    return this.http.post('/connection/metadata', { metadata, connection_id: connectionId, provider_config_key: providerConfigKey });
  }

  /** Merges into the metadata, top-level keys whole. */
  async updateMetadata(providerConfigKey: string, connectionId: string | string[], metadata: Json): Promise<ProxyResponse> {
    return this.http.patch('/connection/metadata', { metadata, connection_id: connectionId, provider_config_key: providerConfigKey });
  }

  /** @deprecated Use {@link getMetadata}. */
  async getFieldMapping(providerConfigKey: string, connectionId: string): Promise<Json> {
    return ((await this.getMetadata(providerConfigKey, connectionId))['fieldMapping'] as Json | undefined) ?? {};
  }

  /** @deprecated Use {@link setMetadata}. */
  async setFieldMapping(fieldMapping: Json, providerConfigKey: string, connectionId: string): Promise<ProxyResponse> {
    return this.setMetadata(providerConfigKey, connectionId, { fieldMapping });
  }

  async createConnectSession(body: Json): Promise<{ data: { token: string; connect_link: string; expires_at: string } }> {
    return this.ask({ method: 'POST', url: '/connect/sessions', data: body });
  }

  async createReconnectSession(body: Json): Promise<{ data: { token: string; connect_link: string; expires_at: string } }> {
    return this.ask({ method: 'POST', url: '/connect/sessions/reconnect', data: body });
  }

  // Syncs and records

  /** One page of the record cache. Keep the last record's cursor to come back for what changes later. */
  async listRecords<T = Json>({ providerConfigKey, connectionId, ...query }: ListRecordsOptions): Promise<Records<T>> {
    const { modifiedAfter, delta, cursor, ...rest } = query;
    return this.ask({
      url: '/records',
      headers: { 'Connection-Id': connectionId, 'Provider-Config-Key': providerConfigKey },
      params: { ...rest, modified_after: modifiedAfter ?? delta, ...(cursor ? { cursor } : {}) },
      paramsSerializer: { indexes: null },
    });
  }

  /** `(key, syncs?, connectionId?, fullResync?)`; `(key, connectionId, syncs?)` as the first versions had it. No connection means every one. */
  async triggerSync(
    key: string,
    second?: SyncName[] | string,
    third?: string | SyncName[],
    mode?: boolean | 'incremental' | 'full_refresh' | string,
  ): Promise<void> {
    const fullResync = mode === true || (typeof mode === 'string' && mode.startsWith('full_refresh'));
    const emptyCache = mode === 'full_refresh_and_clear_cache';
    const options = emptyCache ? { opts: { reset: true, emptyCache } } : fullResync ? { full_resync: true } : {};
    await this.http.post('/sync/trigger', { ...syncTarget(key, second, third), ...options });
  }

  async startSync(key: string, second?: SyncName[] | string, third?: string | SyncName[]): Promise<void> {
    await this.http.post('/sync/start', syncTarget(key, second, third));
  }

  async pauseSync(key: string, second?: SyncName[] | string, third?: string | SyncName[]): Promise<void> {
    await this.http.post('/sync/pause', syncTarget(key, second, third));
  }

  async syncStatus(providerConfigKey: string, syncs: '*' | SyncName[], connectionId?: string): Promise<{ syncs: SyncStatusEntry[] }> {
    const names = syncs === '*' ? '*' : syncs.map((sync) => (typeof sync === 'string' ? sync : `${sync.name}::${sync.variant ?? 'base'}`)).join(',');
    return this.ask({ url: '/sync/status', params: { provider_config_key: providerConfigKey, syncs: names, connection_id: connectionId } });
  }

  /** @param frequency e.g. `every 30 minutes`; null goes back to what nango.yaml says. */
  async updateSyncConnectionFrequency(
    providerConfigKey: string,
    sync: SyncName,
    connectionId: string,
    frequency: string | null,
  ): Promise<{ frequency: string }> {
    const { name, variant } = typeof sync === 'string' ? { name: sync, variant: undefined } : sync;
    const data = { sync_name: name, sync_variant: variant, provider_config_key: providerConfigKey, connection_id: connectionId, frequency };
    return this.ask({ method: 'PUT', url: '/sync/update-connection-frequency', data });
  }

  /** Makes a further sync of the same script on one connection, with progress, schedule and records of its own. */
  async createSyncVariant(variant: SyncVariantOptions): Promise<{ id: string; name: string; variant: string }> {
    return this.ask({ method: 'POST', ...variantRequest(variant) });
  }

  async deleteSyncVariant(variant: SyncVariantOptions): Promise<{ success: true }> {
    return this.ask({ method: 'DELETE', ...variantRequest(variant) });
  }

  // Actions

  async triggerAction<T = unknown>(options: TriggerActionOptions): Promise<T>;
  async triggerAction<T = unknown>(providerConfigKey: string, connectionId: string, actionName: string, input?: unknown): Promise<T>;
  async triggerAction<T = unknown>(first: string | TriggerActionOptions, connectionId = '', actionName = '', input?: unknown): Promise<T> {
    const call = typeof first === 'string' ? { providerConfigKey: first, connectionId, action: actionName, input } : first;
    const name = call.action ?? call.model;
    if (!name) throw new Error('triggerAction needs the name of an action: { action } or the third argument');
    return this.ask({
      method: 'POST',
      url: '/action/trigger',
      headers: { 'Connection-Id': call.connectionId, 'Provider-Config-Key': call.providerConfigKey },
      data: { action_name: name, input: call.input },
    });
  }

  async getEnvironmentVariables(): Promise<{ name: string; value: string }[]> {
    return this.ask({ url: '/environment-variables' });
  }

  async getScriptsConfig(format?: 'nango' | 'openai'): Promise<Json[]> {
    return this.ask({ url: '/scripts/config', params: { format } });
  }

  // Calls of external APIs

  async proxy<T = unknown>(call: ProxyOptions): Promise<ProxyResponse<T>> {
    return this.http.request(proxyRequest(call, this.options));
  }

  async get<T = unknown>(call: ProxyOptions): Promise<ProxyResponse<T>> {
    return this.proxy({ ...call, method: 'GET' });
  }

  async post<T = unknown>(call: ProxyOptions): Promise<ProxyResponse<T>> {
    return this.proxy({ ...call, method: 'POST' });
  }

  async put<T = unknown>(call: ProxyOptions): Promise<ProxyResponse<T>> {
    return this.proxy({ ...call, method: 'PUT' });
  }

  async patch<T = unknown>(call: ProxyOptions): Promise<ProxyResponse<T>> {
    return this.proxy({ ...call, method: 'PATCH' });
  }

  async delete<T = unknown>(call: ProxyOptions): Promise<ProxyResponse<T>> {
    return this.proxy({ ...call, method: 'DELETE' });
  }

  // Webhooks

  /** Checks `X-Nango-Signature` of a parsed body. Prefer {@link verifyIncomingWebhookRequest}, which takes the bytes as received. */
  verifyWebhookSignature(signatureInHeader: string, payload: unknown): boolean {
    return isCompatibleSignature(signatureInHeader, this.options.secretKey, payload);
  }

  /** Checks `X-Nango-Hmac-Sha256` over the body exactly as received. */
  verifyIncomingWebhookRequest(body: string, headers: Record<string, string | string[] | undefined>): boolean {
    const signature = headers['x-nango-hmac-sha256'] ?? headers['X-Nango-Hmac-Sha256'];
    return typeof signature === 'string' && isHmacSignature(signature, this.options.secretKey, body);
  }

  private modeHeaders(): Record<string, string> {
    return { 'Nango-Is-Sync': String(this.options.isSync ?? false), 'Nango-Is-Dry-Run': String(this.options.dryRun ?? false) };
  }

  private async ask<T>(request: AxiosRequestConfig): Promise<T> {
    return (await this.http.request<T>(request)).data;
  }
}

function syncTarget(providerConfigKey: string, second?: SyncName[] | string, third?: string | SyncName[]): Json {
  const [syncs, connectionId] = Array.isArray(second) || second === undefined ? [second, third] : [third, second];
  return { provider_config_key: providerConfigKey, connection_id: connectionId, syncs: syncs ?? [] };
}

function variantRequest({ name, variant, provider_config_key, connection_id }: SyncVariantOptions) {
  return { url: `/sync/${encodeURIComponent(name)}/variant/${encodeURIComponent(variant)}`, data: { provider_config_key, connection_id } };
}
