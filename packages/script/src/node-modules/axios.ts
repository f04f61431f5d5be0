import { Readable } from 'node:stream';

type Request = { url: string; method?: string; headers?: Record<string, unknown>; data?: unknown; responseType?: string; params?: Record<string, string> };
type Answer = { status: number; statusText: string; headers: Record<string, string>; data: unknown; config: Request };
type Fetch = (request: { url: string; method: string; headers: Record<string, unknown>; body: unknown }) => Promise<{
  status: number;
  statusText: string;
  headers: Iterable<[string, string]>;
  bytes(): Promise<Uint8Array>;
}>;

/** Filled in by the realm: `nango.uncontrolledFetch` of the run. */
declare function require(name: 'nango:fetch'): Fetch;

/** A client as libraries have it that call for themselves: through the platform's way out, without credentials. Any status is an answer. */
async function request(config: Request): Promise<Answer> {
  const { url, method = 'GET', headers = {}, data, responseType } = config;
  const answer = await require('nango:fetch')({ url, method: method.toUpperCase(), headers: withoutHost(headers), body: data });
  const body = Buffer.from(await answer.bytes());
  const { status, statusText } = answer;
  return { status, statusText, headers: Object.fromEntries(answer.headers), data: bodyAs(body, responseType), config };
}

function bodyAs(body: Buffer, responseType: string | undefined): unknown {
  if (responseType === 'stream') return Readable.from([body]);
  return responseType === 'arraybuffer' ? body : body.toString('utf8');
}

/** These belong to the connection, and are made where it is. */
function withoutHost(headers: Record<string, unknown>): Record<string, unknown> {
  const ofConnection = /^(host|connection|content-length|accept-encoding)$/i;
  return Object.fromEntries(Object.entries(headers).filter(([name, value]) => !ofConnection.test(name) && value !== undefined && value !== null));
}

/** What libraries use of axios. */
export const axios = Object.assign(request, { request, create: () => request, isAxiosError: () => false });
export const create = axios.create;
