import type { PlaceholderValues, Provider } from 'providers';
import { isFields } from '../dotted-path.js';
import { endpointUrl } from '../token-endpoint.js';
import type { TokenAnswer, TokenContext, TokenHttpRequest, TokenHttpResponse } from '../token-request.js';
import { writeXml } from '../xml.js';
import { toXmlAnswer } from './login-request.js';
import { filledHeaders, filledJson, type Json } from './templates.js';

/** One request of TWO_STEP as the catalogue describes it. */
export type Step = Pick<Provider, 'token_request_method' | 'token_params' | 'token_headers' | 'body_format'> & { token_url: string | undefined };

const contentTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded', xml: 'application/xml' };

/** Sends one request; its body is JSON unless the entry says otherwise. */
export async function sendStep(context: TokenContext, step: Step, values: PlaceholderValues): Promise<TokenAnswer> {
  const { provider } = context;
  const response = await context.send(stepRequest(endpointUrl(provider, step.token_url, values), step, values));
  return withHeaders(provider, response, isWholeText(provider, response) ? { status: response.status, body: unquoted(response.text) } : toXmlAnswer(response));
}

function stepRequest(url: string, step: Step, values: PlaceholderValues): TokenHttpRequest {
  const { token_request_method: method = 'POST', body_format: format = 'json' } = step;
  const params = filledJson(step.token_params, values);
  const headers = { accept: format === 'xml' ? 'application/xml' : 'application/json', 'user-agent': 'nango', ...filledHeaders(step.token_headers, values) };
  const isEmpty = Object.keys(params).length === 0;
  if (method === 'GET') return { url: isEmpty ? url : `${url}${url.includes('?') ? '&' : '?'}${formOf(params)}`, method, headers };
  if (isEmpty) return { url, method, headers };
  return { url, method, headers: { 'content-type': contentTypes[format], ...headers }, body: bodyOf(params, format) };
}

function bodyOf(params: Record<string, Json>, format: keyof typeof contentTypes): string {
  if (format === 'json') return JSON.stringify(params);
  return format === 'xml' ? writeXml(params) : formOf(params);
}

function formOf(params: Record<string, Json>): string {
  const pairs = Object.entries(params).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
  return new URLSearchParams(pairs).toString();
}

/** Whether the answer is the token itself. A refusal is still read for its words. */
function isWholeText({ token_response: paths }: Provider, { status }: TokenHttpResponse): boolean {
  return paths?.token === '' && status >= 200 && status < 300;
}

function unquoted(text: string): string {
  const token = text.trim();
  return /^"[^"]*"$/.test(token) ? token.slice(1, -1) : token;
}

/** With those headers of the response that the entry's paths name, as in `headers.x-subject-token`. Others may hold cookies, and are not kept. */
function withHeaders({ token_response: paths }: Provider, { headers }: TokenHttpResponse, answer: TokenAnswer): TokenAnswer {
  const { token, token_expiration, refresh_token } = paths ?? {};
  const named = [token, token_expiration, refresh_token].flatMap((path) => /^headers\.(.+)$/.exec(path ?? '')?.[1]?.toLowerCase() ?? []);
  if (named.length === 0) return answer;
  const kept = Object.fromEntries(named.map((name) => [name, headers[name] ?? '']));
  return { ...answer, body: { ...(isFields(answer.body) ? answer.body : {}), headers: kept } };
}
