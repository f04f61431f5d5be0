import type { ScriptCall } from 'model';
import { NangoError } from '../error/nango-error.js';
import { toBody } from './body.js';
import type { ProxyConfiguration } from './proxy-configuration.js';
import { toQuery } from './query.js';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** A script's call in the form the broker takes. Throws where the configuration makes no call. */
export function toScriptCall(config: ProxyConfiguration): Omit<ScriptCall, 'call'> {
  if (typeof config?.endpoint !== 'string' || config.endpoint === '') throw new NangoError('script_internal_error', 'A call needs an endpoint');
  const headers = toHeaders(config.headers);
  const { contentType, ...body } = toBody(config.data, headers['content-type'], config.files);
  const params = toQuery(config.params, config.paramsSerializer);
  return {
    method: toMethod(config.method),
    endpoint: config.endpoint,
    headers: contentType === undefined ? headers : { ...headers, 'content-type': contentType },
    ...(params === '' ? {} : { params }),
    ...body,
    retries: toRetries(config.retries),
    retryOn: config.retryOn ?? null,
    retryHeader: config.retryHeader ?? null,
    baseUrlOverride: config.baseUrlOverride || null,
    ...(config.decompress === undefined ? {} : { decompress: config.decompress === true || config.decompress === 'true' }),
    ...toLimits(config),
    uncontrolled: false,
    providerConfigKey: config.providerConfigKey || null,
    connectionId: config.connectionId || null,
  };
}

function toLimits({ timeoutMs, forwardHeadersOnRedirect }: ProxyConfiguration): Pick<ScriptCall, 'timeoutMs' | 'forwardHeadersOnRedirect'> {
  if (timeoutMs !== undefined && !(Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= 3_600_000))
    throw new NangoError('script_internal_error', 'timeoutMs must be a whole number of 1 to 3600000 milliseconds');
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(forwardHeadersOnRedirect === undefined ? {} : { forwardHeadersOnRedirect: forwardHeadersOnRedirect === true }),
  };
}

function toMethod(method: string | undefined): (typeof methods)[number] {
  const wanted = (method ?? 'GET').toUpperCase();
  const found = methods.find((known) => known === wanted);
  if (!found) throw new NangoError('script_internal_error', `The method '${method}' is not one of ${methods.join(', ')}`);
  return found;
}

function toRetries(retries: ProxyConfiguration['retries']): number {
  const count = Math.trunc(Number(retries ?? 0));
  return Number.isFinite(count) ? Math.min(Math.max(count, 0), 50) : 0;
}

/** Lower case names; undefined and null are not sent, an empty text is. */
function toHeaders(headers: ProxyConfiguration['headers']): Record<string, string> {
  const given = Object.entries(headers ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value)]));
}
