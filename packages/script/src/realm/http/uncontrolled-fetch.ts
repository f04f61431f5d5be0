import { ActionError, NangoError } from '../error/nango-error.js';
import { checkAborted, type Run } from '../run.js';
import { asNetworkError } from './client.js';
import { FetchResponse } from './fetch-response.js';
import { toScriptCall } from './request.js';

/** A request to any address that the platform allows, without credentials. */
export type UncontrolledRequest = { url: URL | string; method?: string; headers?: Record<string, unknown>; body?: unknown };

/** Answers any status, as `fetch` does. @throws ActionError with code `url_not_allowed` for an address inside */
export async function uncontrolledFetch(run: Run, { url, method, headers, body }: UncontrolledRequest): Promise<FetchResponse> {
  checkAborted(run);
  const endpoint = String(url);
  const type = typeof body === 'string' ? { 'content-type': 'text/plain;charset=UTF-8' } : {};
  const config = { endpoint, method: method ?? 'GET', headers: { ...type, ...lowerCase(headers) }, data: body };
  try {
    const answer = await run.bridge.call({ method: 'call', args: { ...toScriptCall(config), uncontrolled: true }, binary: true });
    return new FetchResponse(endpoint, answer);
  } catch (error) {
    if (error instanceof NangoError && error.code === 'url_not_allowed') throw new ActionError({ code: error.code, message: error.message });
    throw asNetworkError(error, config);
  }
}

function lowerCase(headers: Record<string, unknown> | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
