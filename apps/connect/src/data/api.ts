import type { z } from 'zod';
import { settings } from './settings.js';

/** A refused request, with what the server said. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const endedCodes = new Set(['unknown_connect_session_token', 'invalid_connect_session_token_format']);

/** Whether the session is over, or never was. */
export function isEnded(error: unknown): boolean {
  return error instanceof RequestError && endedCodes.has(error.code);
}

/** Reads `data` of an answer as the session's end user. */
export async function read<S extends z.ZodType>(schema: S, path: string, token: string): Promise<z.infer<S>> {
  const { data } = (await send(path, { headers: { authorization: `Bearer ${token}` } })) as { data: unknown };
  return schema.parse(data);
}

/** Ends the session; one that is over already is as good. */
export async function endSession(token: string): Promise<void> {
  await send('/connect/session', { method: 'DELETE', headers: { authorization: `Bearer ${token}` } }).catch(() => undefined);
}

/** Posts what the end user typed to a route of the browser (surface 5.1), which takes the token in its query. */
export async function post<S extends z.ZodType>(schema: S, path: string, request: { query: Record<string, string>; body: unknown }): Promise<z.infer<S>> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request.body) };
  return schema.parse(await send(`${path}?${new URLSearchParams(request.query)}`, init));
}

async function send(path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(settings.apiUrl + path, init).catch(() => null);
  if (!response) throw new RequestError(503, 'service_unavailable', 'The server cannot be reached. Check your network and try again.');
  const answer: unknown = response.headers.get('content-type')?.includes('json') ? await response.json() : undefined;
  if (response.ok) return answer;
  const { error } = (answer ?? {}) as { error?: { code?: string; message?: string } };
  throw new RequestError(response.status, error?.code ?? 'server_error', error?.message ?? `The server answered ${response.status}.`);
}
