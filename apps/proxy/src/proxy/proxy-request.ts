import type { IncomingHttpHeaders } from 'node:http';
import { AppError, type ErrorCode, TimeoutMs } from 'model';

/** What the headers and URL of a request to `/proxy/*` ask for (surface 4.2). */
export type ProxyRequest = {
  connectionId: string;
  providerConfigKey: string;
  endpoint: string;
  query: string | undefined;
  /** Those that go upstream, in lower case. */
  headers: Record<string, string>;
  retries: number;
  retryOn: number[] | undefined;
  baseUrlOverride: string | undefined;
  /** As the provider says where the caller does not. */
  decoded: boolean | undefined;
  timeoutMs: number | undefined;
  forwardHeadersOnRedirect: boolean | undefined;
  /** How long it waits for a place in the connection's rate budget before it is answered 429. */
  longestWaitMs: number;
};

const route = '/proxy';
const forwarded = 'nango-proxy-';
const multipart = /^multipart\/form-data\b/i;
const mostRetries = 50;
const usualWaitMs = 20_000;

/** Set by the connection to the API itself. */
const ofConnection = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'proxy-connection',
]);

/** @throws AppError `missing_connection_id`, `missing_provider_config_key`, `invalid_headers` */
export function readProxyRequest(url: string, headers: IncomingHttpHeaders): ProxyRequest {
  const path = url.slice(route.length);
  const queryAt = path.indexOf('?');
  return {
    connectionId: required(headers, 'connection-id', 'missing_connection_id'),
    providerConfigKey: required(headers, 'provider-config-key', 'missing_provider_config_key'),
    endpoint: queryAt === -1 ? path : path.slice(0, queryAt),
    query: queryAt === -1 ? undefined : path.slice(queryAt + 1),
    headers: upstreamHeaders(headers),
    retries: Math.min(wholeNumber(headers, 'retries') ?? 0, mostRetries),
    retryOn: valueOf(headers, 'retry-on')
      ?.split(',')
      .map((status) => parseWhole(status.trim(), 'retry-on')),
    baseUrlOverride: valueOf(headers, 'base-url-override'),
    decoded: yesOrNo(headers, 'decompress'),
    timeoutMs: timeout(headers),
    forwardHeadersOnRedirect: yesOrNo(headers, 'forward-headers-on-redirect'),
    longestWaitMs: preferredWaitMs(valueOf(headers, 'prefer')) ?? usualWaitMs,
  };
}

/** `Prefer: wait=120` (RFC 7240): seconds. A preference that nobody understands is none. */
function preferredWaitMs(prefer: string | undefined): number | undefined {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})/i.exec(prefer ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

/** Of the caller's own headers only what describes the body, and everything with the prefix. */
function upstreamHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const own: Record<string, string> = {};
  for (const name of ['content-type', 'content-encoding']) if (typeof headers[name] === 'string') own[name] = headers[name];
  for (const [name, value] of Object.entries(headers)) {
    const bare = name.slice(forwarded.length);
    if (name.startsWith(forwarded) && bare !== '' && !ofConnection.has(bare)) own[bare] = String(value);
  }
  return withBoundary(own, headers['content-type']);
}

/** Clients that write the parts of a form themselves repeat the type that was asked for, without the boundary that they chose. */
function withBoundary(own: Record<string, string>, sent: string | undefined): Record<string, string> {
  const asked = own['content-type'] ?? '';
  if (sent === undefined || !multipart.test(sent) || !multipart.test(asked) || /;\s*boundary=/i.test(asked)) return own;
  return { ...own, 'content-type': sent };
}

function required(headers: IncomingHttpHeaders, name: string, code: ErrorCode): string {
  const value = valueOf(headers, name);
  if (value === undefined) throw new AppError(code, { message: `The header ${name} is missing` });
  return value;
}

function wholeNumber(headers: IncomingHttpHeaders, name: string): number | undefined {
  const value = valueOf(headers, name);
  return value === undefined ? undefined : parseWhole(value, name);
}

function timeout(headers: IncomingHttpHeaders): number | undefined {
  const value = wholeNumber(headers, 'timeout-ms');
  if (value === undefined || TimeoutMs.safeParse(value).success) return value;
  throw malformed('timeout-ms', 'must be 1 to 3600000 milliseconds');
}

function yesOrNo(headers: IncomingHttpHeaders, name: string): boolean | undefined {
  const value = valueOf(headers, name)?.toLowerCase();
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false') throw malformed(name, 'must be true or false');
  return value === 'true';
}

function parseWhole(text: string, name: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw malformed(name, 'must be a whole number');
}

function malformed(name: string, why: string): AppError {
  return new AppError('invalid_headers', { message: `The header ${name} ${why}`, errors: [{ code: 'invalid_format', message: why, path: [name] }] });
}

/** A header's value; an empty one counts as not set, since clients send them so. */
function valueOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  const text = Array.isArray(value) ? value[0] : value;
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}
