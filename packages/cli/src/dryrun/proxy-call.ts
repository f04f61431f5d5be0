import { AppError, type CallAnswer, ErrorBody, type ScriptCall } from 'model';
import type { RestClient, Sent } from '../api/rest-client.js';

/** The connection a call goes out for. */
export type CallTarget = { providerConfigKey: string; connectionId: string };

type Call = Omit<ScriptCall, 'call'>;

/** Headers that describe a body as it travelled, not as it is here. */
const transportHeaders = new Set(['content-encoding', 'content-length', 'transfer-encoding', 'connection', 'keep-alive']);

/** Sends a script's external call through the server's `/proxy`, as any client of the API would. */
export async function callThroughProxy(client: RestClient, target: CallTarget, call: Call): Promise<{ answer: CallAnswer; body: Uint8Array }> {
  const answer = await (call.uncontrolled ? fetchDirectly(call) : client.send(pathOf(call), requestOf(call, target)));
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !transportHeaders.has(name)));
  const body = new Uint8Array(await answer.arrayBuffer());
  if (!call.uncontrolled) refuseWithoutAnswer(answer.status, body);
  return { answer: { status: answer.status, statusText: answer.statusText, headers }, body };
}

/** What the proxy itself says when no answer came: to a script that is no answer of the API. */
function refuseWithoutAnswer(status: number, body: Uint8Array): void {
  if (status !== 502 && status !== 504) return;
  const told = ErrorBody.safeParse(parsed(Buffer.from(body).toString('utf8')));
  if (!told.success) return;
  const { code, message = 'No answer came', payload } = told.data.error;
  if (code === 'upstream_unreachable' || code === 'upstream_timeout') throw new AppError(code, { message, payload });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function pathOf(call: Call): string {
  const query = queryOf(call);
  const path = `/proxy/${call.endpoint.replace(/^\//, '')}`;
  return query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

async function fetchDirectly({ endpoint, method, headers, ...call }: Call): Promise<Response> {
  try {
    return await fetch(endpoint, { method, headers, ...bodyOf(call) });
  } catch (error) {
    throw new AppError('upstream_unreachable', { message: `No answer from ${endpoint}`, cause: error });
  }
}

function requestOf(call: Call, target: CallTarget): Sent {
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
      // A run waits for its place in the rate budget however long; no client of HTTP waits longer than this.
      prefer: 'wait=240',
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
  if (typeof params === 'string') return params;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) for (const item of Array.isArray(value) ? value : [value]) query.append(name, String(item));
  return query.toString();
}
