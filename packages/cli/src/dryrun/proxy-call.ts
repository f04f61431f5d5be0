import { AppError, type CallAnswer, type ScriptCall } from 'model';
import type { RestClient } from '../api/rest-client.js';

/** The connection a call goes out for. */
export type CallTarget = { providerConfigKey: string; connectionId: string };

type Call = Omit<ScriptCall, 'call'>;

/** Headers that describe a body as it travelled, not as it is here. */
const transportHeaders = new Set(['content-encoding', 'content-length', 'transfer-encoding', 'connection', 'keep-alive']);

/** Sends a script's external call through the server's `/proxy`, as any client of the API would. */
export async function callThroughProxy(client: RestClient, target: CallTarget, call: Call): Promise<{ answer: CallAnswer; body: Uint8Array }> {
  const answer = await (call.uncontrolled
    ? fetchDirectly(call)
    : client.send(`/proxy/${call.endpoint.replace(/^\//, '')}${queryOf(call)}`, requestOf(call, target)));
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !transportHeaders.has(name)));
  return { answer: { status: answer.status, statusText: answer.statusText, headers }, body: new Uint8Array(await answer.arrayBuffer()) };
}

async function fetchDirectly({ endpoint, method, headers, ...call }: Call): Promise<Response> {
  try {
    return await fetch(endpoint, { method, headers, ...bodyOf(call) });
  } catch (error) {
    throw new AppError('upstream_unreachable', { message: `No answer from ${endpoint}`, cause: error });
  }
}

function requestOf(call: Call, target: CallTarget): RequestInit {
  const body = bodyOf(call);
  const json = call.data !== undefined && call.dataBase64 === undefined;
  const forwarded = Object.entries({ ...(json && typeof call.data !== 'string' ? { 'content-type': 'application/json' } : {}), ...call.headers });
  return {
    method: call.method,
    headers: {
      ...Object.fromEntries(forwarded.map(([name, value]) => [`nango-proxy-${name.toLowerCase()}`, value])),
      // The request's own type tells the server how to read the body; the forwarded one what to send.
      ...(json ? { 'content-type': contentType(call) } : {}),
      'connection-id': call.connectionId ?? target.connectionId,
      'provider-config-key': call.providerConfigKey ?? target.providerConfigKey,
      'nango-is-dry-run': 'true',
      'nango-is-sync': 'true',
      retries: String(call.retries),
      ...(call.retryOn?.length ? { 'retry-on': call.retryOn.join(',') } : {}),
      ...(call.baseUrlOverride ? { 'base-url-override': call.baseUrlOverride } : {}),
      ...(call.decompress === undefined ? {} : { decompress: String(call.decompress) }),
    },
    ...body,
  };
}

function contentType(call: Call): string {
  const own = Object.entries(call.headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return own ?? (typeof call.data === 'string' ? 'text/plain' : 'application/json');
}

function bodyOf({ data, dataBase64 }: Pick<Call, 'data' | 'dataBase64'>): { body?: string | Uint8Array<ArrayBuffer> } {
  if (dataBase64 !== undefined) return { body: new Uint8Array(Buffer.from(dataBase64, 'base64')) };
  if (data === undefined || data === null) return {};
  return { body: typeof data === 'string' ? data : JSON.stringify(data) };
}

function queryOf({ params }: Call): string {
  if (params === undefined) return '';
  if (typeof params === 'string') return params === '' ? '' : `?${params}`;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) for (const item of Array.isArray(value) ? value : [value]) query.append(name, String(item));
  return query.size > 0 ? `?${query.toString()}` : '';
}
