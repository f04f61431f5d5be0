import { parseTokenBody } from './token-body.js';
import type { SendTokenRequest, TokenHttpRequest } from './token-request.js';

type FetchInit = { method: string; headers: Record<string, string>; body?: unknown };

/** The `customFetch` of `oauth4webapi`: every request of the library leaves through the egress guard, and redirects are answers like others. */
export function fetchThrough(send: SendTokenRequest) {
  return async (url: string, { method, headers, body }: FetchInit): Promise<Response> => {
    const text = body instanceof URLSearchParams ? body.toString() : typeof body === 'string' ? body : undefined;
    const answer = await send({ url, method: methodOf(method), headers: { 'user-agent': 'nango', ...headers }, body: text });
    const parsed = parseTokenBody(answer.text);
    // The library insists on the content type of JSON; metadata is served as text often enough.
    const isJson = typeof parsed === 'object' && parsed !== null;
    const content = isJson ? JSON.stringify(parsed) : answer.text;
    return new Response(content === '' ? null : content, { status: answer.status, headers: isJson ? { 'content-type': 'application/json' } : {} });
  };
}

function methodOf(method: string): TokenHttpRequest['method'] {
  return method === 'POST' || method === 'DELETE' ? method : 'GET';
}
