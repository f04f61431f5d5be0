import type { AxiosRequestConfig } from 'axios';
import type { NangoOptions, ProxyOptions } from './options.js';

/** The request to the server that asks it for an external call. */
export function proxyRequest(call: ProxyOptions, client: NangoOptions): AxiosRequestConfig {
  const connectionId = call.connectionId ?? client.connectionId;
  const providerConfigKey = call.providerConfigKey ?? client.providerConfigKey;
  if (!connectionId) throw new Error('Connection Id is required to make a proxy call!');
  if (!providerConfigKey) throw new Error('Provider Config Key is required to make a proxy call!');
  const query = queryOf(call.params, call.endpoint.includes('?') ? '&' : '?');
  return {
    method: call.method ?? 'GET',
    url: `/proxy/${call.endpoint.replace(/^\//, '')}${query}`,
    ...(call.data === undefined ? {} : { data: call.data }),
    ...(call.responseType ? { responseType: call.responseType } : {}),
    headers: {
      'Connection-Id': connectionId,
      'Provider-Config-Key': providerConfigKey,
      'Base-Url-Override': call.baseUrlOverride ?? '',
      'Nango-Is-Sync': String(client.isSync ?? false),
      'Nango-Is-Dry-Run': String(client.dryRun ?? false),
      'Nango-Activity-Log-Id': client.activityLogId ?? '',
      ...(call.retries === undefined ? {} : { Retries: String(call.retries) }),
      ...(call.retryOn ? { 'Retry-On': call.retryOn.join(',') } : {}),
      ...(call.decompress === undefined ? {} : { Decompress: String(call.decompress) }),
      ...forwarded(call.headers ?? {}),
    },
  };
}

/** A list is one value with commas, as this client has always written it; what is not set is left out. */
function queryOf(params: ProxyOptions['params'], separator: string): string {
  if (typeof params === 'string') return `${separator}${params.replace(/^\?/, '')}`;
  const present = Object.entries(params ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return present.length === 0 ? '' : `${separator}${new URLSearchParams(present.map(([name, value]) => [name, String(value)])).toString()}`;
}

/** Headers for the external API travel under a prefix, apart from those for the server; the body's type serves both. */
function forwarded(headers: Record<string, string>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    result[`Nango-Proxy-${name}`] = value;
    if (name.toLowerCase() === 'content-type') result['Content-Type'] = value;
  }
  return result;
}
