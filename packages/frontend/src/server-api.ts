import { AuthError } from './auth-error.js';
import type { AuthResult } from './auth-result.js';
import { parseResultMessage, type ResultMessage } from './popup/result-message.js';

/** Where a popup's OAuth session stands; `unknown` when the server does not know it (any more) or is too old to be asked. */
export type SessionStatus = { status: 'waiting' | 'redirected' | 'unknown' } | { status: 'finished'; result: ResultMessage };

/** The routes of the server that a browser asks. */
export class ServerApi {
  /** @throws AuthError `invalid_host_url` unless `host` is an http(s) URL. */
  constructor(readonly host: string) {
    if (!isHttpUrl(host)) throw new AuthError(`Invalid host '${host}': expected a URL such as http://localhost:3003.`, 'invalid_host_url');
    this.host = host.replace(/\/+$/, '');
  }

  /** Makes a connection from pasted credentials. */
  async postCredentials(path: string, query: URLSearchParams, body: object): Promise<AuthResult> {
    const answer = await this.#post(`${this.host}${path}?${query}`, body);
    const { providerConfigKey, connectionId, isPending } = (answer.body ?? {}) as Partial<AuthResult>; // checked on the next line
    if (!answer.ok || typeof providerConfigKey !== 'string' || typeof connectionId !== 'string') throw refusal(answer);
    return { providerConfigKey, connectionId, ...(typeof isPending === 'boolean' ? { isPending } : {}), ok: true };
  }

  /** Asks where a popup's session stands. @throws when the server cannot be reached or fails, so that the caller asks again. */
  async sessionStatus(wsClientId: string, signal: AbortSignal): Promise<SessionStatus> {
    const response = await fetch(`${this.host}/oauth/session/${encodeURIComponent(wsClientId)}`, { cache: 'no-store', signal });
    if (response.status === 404) return { status: 'unknown' };
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    const answer = (await response.json()) as { status?: unknown; result?: unknown } | null; // every field is checked below
    const result = parseResultMessage(answer?.result);
    if (answer?.status === 'finished' && result) return { status: 'finished', result };
    return { status: answer?.status === 'waiting' ? 'waiting' : 'redirected' };
  }

  /** Address of the hosted connect page that the server names; undefined where it names none. */
  async connectPageUrl(): Promise<string | undefined> {
    const response = await fetch(`${this.host}/connect/config`).catch(() => undefined);
    const answer: unknown = response?.ok ? await response.json().catch(() => undefined) : undefined;
    const { connectUrl } = (answer ?? {}) as { connectUrl?: unknown }; // checked on the next line
    return typeof connectUrl === 'string' && isHttpUrl(connectUrl) ? connectUrl : undefined;
  }

  async #post(url: string, body: object): Promise<Answer> {
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(url, request).catch(() => {
      throw new AuthError(`The server at ${this.host} cannot be reached.`, 'unknown_error');
    });
    return { ok: response.ok, status: response.status, body: await response.json().catch(() => undefined) };
  }
}

interface Answer {
  ok: boolean;
  status: number;
  body: unknown;
}

/** Old servers send the error as a plain string. */
function refusal({ status, body }: Answer): AuthError {
  const { error } = (body ?? {}) as { error?: string | { code?: string; message?: string } }; // every use has a default
  if (typeof error === 'string') return new AuthError(error, 'unknown_error');
  return new AuthError(error?.message ?? `The server answered ${status}.`, error?.code ?? 'unknown_error');
}

function isHttpUrl(url: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}
