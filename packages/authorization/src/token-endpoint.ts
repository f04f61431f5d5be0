import { AppError } from 'model';
import { buildUrl, interpolate, type PlaceholderValues, type Provider } from 'providers';
import { authenticationMethodOf, type ClientAuthenticationMethod, proveClient } from './client-authentication.js';
import { parseTokenBody } from './token-body.js';
import { errorCodeOf } from './token-refusal.js';
import type { AuthorizationClient, TokenAnswer, TokenContext, TokenHttpRequest, TokenHttpResponse } from './token-request.js';

/** What goes to a token endpoint beside the client's proof. */
export type TokenEndpointCall = {
  url: string;
  fields: Record<string, unknown>;
  /** Of the entry unless given. */
  authentication?: ClientAuthenticationMethod | undefined;
  headers?: Record<string, string> | undefined;
};

const maxRetryAfterSeconds = 3600;

/** Asks a token endpoint in the provider's dialect; once more with the client's previous secret where the endpoint does not know the current one. */
export async function callTokenEndpoint(context: TokenContext, call: TokenEndpointCall): Promise<TokenAnswer> {
  const { client } = context;
  const answer = toAnswer(await context.send(await endpointRequest(context.provider, client, call)));
  if (client.previousSecret === undefined || !refusesClient(answer)) return answer;
  return toAnswer(await context.send(await endpointRequest(context.provider, { ...client, secret: client.previousSecret }, call)));
}

/** A request to an endpoint that knows the client: fields as form, JSON or query. */
export async function endpointRequest(provider: Provider, client: AuthorizationClient, call: TokenEndpointCall): Promise<TokenHttpRequest> {
  const { url, fields, headers = {}, authentication = authenticationMethodOf(provider) } = call;
  const proof = await proveClient(client, authentication, { url, provider });
  const whole = { ...proof.fields, ...fields };
  const common = { accept: 'application/json', 'user-agent': 'nango', ...proof.headers };
  if (provider.token_request_method === 'GET') return { url: withQuery(url, whole), method: 'GET', headers: { ...common, ...headers } };
  const isJson = provider.body_format === 'json';
  const contentType = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
  return {
    url,
    method: 'POST',
    headers: { ...common, 'content-type': contentType, ...headers },
    body: isJson ? JSON.stringify(whole) : formOf(whole),
  };
}

/** An answer as it is kept: its body parsed, and how long the endpoint asks to be left alone. */
export function toAnswer({ status, headers, text }: TokenHttpResponse): TokenAnswer {
  const seconds = status === 429 || status === 503 ? retryAfterSeconds(headers['retry-after']) : undefined;
  return { status, body: parseTokenBody(text), ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }) };
}

/** @throws AppError `missing_api_url` when the connection lacks a value of the URL, or has one that no host may have */
export function endpointUrl(provider: Provider, template: string | undefined, values: PlaceholderValues): string {
  const built = template === undefined ? undefined : buildUrl(template, values);
  if (built?.kind === 'known') return built.url;
  const missing = built?.kind === 'missing' ? `: ${built.names.join(', ')} is missing` : '';
  throw new AppError('missing_api_url', { message: `The token endpoint of '${provider.name}' cannot be built for this connection${missing}` });
}

/** Parameters of the catalogue with their placeholders filled in, at any depth. One whose value the connection lacks is left out: it was optional. */
export function fillParams(templates: Record<string, unknown> | undefined, values: PlaceholderValues): Record<string, unknown> {
  return fillValue(templates ?? {}, values) as Record<string, unknown>; // an object stays one
}

/** Headers of the catalogue with their placeholders filled in; names in lower case. As {@link fillParams}. */
export function fillHeaders(templates: Record<string, string> | undefined, values: PlaceholderValues): Record<string, string> {
  const filled = Object.entries(templates ?? {}).flatMap(([name, template]): [string, string][] => {
    const text = fillText(template, values);
    return text === undefined ? [] : [[name.toLowerCase(), text]];
  });
  return Object.fromEntries(filled);
}

function fillValue(value: unknown, values: PlaceholderValues): unknown {
  if (typeof value === 'string') return fillText(value, values);
  if (Array.isArray(value)) return value.map((item) => fillValue(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const filled = fillValue(item, values);
      return filled === undefined ? [] : [[name, filled]];
    }),
  );
}

function fillText(template: string, values: PlaceholderValues): string | undefined {
  const { text, missing } = interpolate(template, values);
  return missing.some((name) => name.startsWith('connectionConfig.')) ? undefined : text;
}

function refusesClient({ status, body }: TokenAnswer): boolean {
  return status === 401 || errorCodeOf(body) === 'invalid_client';
}

function formOf(fields: Record<string, unknown>): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return new URLSearchParams(pairs.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)])).toString();
}

function withQuery(url: string, fields: Record<string, unknown>): string {
  return `${url}${url.includes('?') ? '&' : '?'}${formOf(fields)}`;
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
function retryAfterSeconds(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\s*\d+\s*$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(Math.ceil(seconds), maxRetryAfterSeconds) : undefined;
}
