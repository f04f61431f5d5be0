import type { Provider } from 'providers';
import type { TokenContext, TokenHttpRequest, TokenHttpResponse } from '../token-request.js';

/** A provider with the least that a mode needs. */
export function aProvider(more: Partial<Provider> = {}): Provider {
  return { name: 'p', display_name: 'P', auth_mode: 'OAUTH2', token_url: 'https://as.example/token', ...more };
}

/** A token endpoint that gives these answers in turn, the last of them for ever, and remembers what it was asked. */
export function anEndpoint(...answers: (Partial<Omit<TokenHttpResponse, 'text'>> & { body?: unknown; text?: string })[]) {
  const seen: TokenHttpRequest[] = [];
  const send = (request: TokenHttpRequest): Promise<TokenHttpResponse> => {
    const { status = 200, headers = {}, body, text = JSON.stringify(body ?? {}) } = answers[Math.min(seen.length, answers.length - 1)] ?? {};
    seen.push(request);
    return Promise.resolve({ status, headers, text });
  };
  return { seen, send };
}

export function aContext(provider: Partial<Provider>, send: TokenContext['send'], more: Partial<TokenContext> = {}): TokenContext {
  return { provider: aProvider(provider), connectionConfig: {}, client: { id: 'client id', secret: 's&c:r', scopes: ['a', 'b'] }, send, ...more };
}

/** Fields of a form that was sent. */
export function formOf({ body = '' }: TokenHttpRequest = { url: '', method: 'POST', headers: {} }): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body));
}
