import type { Bridge } from '../bridge.js';
import { HttpError, statusError } from '../error/http-error.js';
import { NangoError } from '../error/nango-error.js';
import type { ProxyConfiguration } from './proxy-configuration.js';
import { toScriptCall } from './request.js';
import { type HttpResponse, toResponse, wantsBytes } from './response.js';

/** Refusals that mean "no answer came", with the code axios gives them. */
const networkCodes: Record<string, string> = { upstream_unreachable: 'ECONNREFUSED', upstream_timeout: 'ETIMEDOUT', url_not_allowed: 'ERR_URL_NOT_ALLOWED' };

/** What the proxy's HTTP client calls things, and what axios calls them on Node: scripts look for the latter. */
const axiosCodes: Record<string, string> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_HEADERS_TIMEOUT: 'ECONNABORTED',
  UND_ERR_BODY_TIMEOUT: 'ECONNABORTED',
};

/** One external call through the broker; anything but a 2xx is thrown as axios throws it. */
export async function callOut(bridge: Bridge, config: ProxyConfiguration): Promise<HttpResponse> {
  const response = await perform(bridge, config);
  if (response.status < 200 || response.status >= 300) throw statusError(response);
  return response;
}

async function perform(bridge: Bridge, config: ProxyConfiguration): Promise<HttpResponse> {
  try {
    const answer = await bridge.call({ method: 'call', args: toScriptCall(config), binary: wantsBytes(config.responseType) });
    return toResponse(answer, config);
  } catch (error) {
    throw asNetworkError(error, config);
  }
}

/** What a call that got no answer throws. */
export function asNetworkError(error: unknown, config: ProxyConfiguration): unknown {
  if (!(error instanceof NangoError)) return error;
  const code = networkCodes[error.code];
  return code === undefined ? error : new HttpError(error.message, { code: causeOf(error.payload) ?? code, config });
}

/** The proxy names the network's own code where it knows it. */
function causeOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || !('code' in payload) || typeof payload.code !== 'string') return undefined;
  return Object.hasOwn(axiosCodes, payload.code) ? axiosCodes[payload.code] : payload.code;
}
