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

/** Reads `data` of an answer as the session's end user. */
export async function read<S extends z.ZodType>(schema: S, path: string, token: string): Promise<z.infer<S>> {
  const { data } = (await send(path, { headers: { authorization: `Bearer ${token}` } })) as { data: unknown };
  return schema.parse(data);
}

/** Ends the session; one that is over already is as good. */
export async function endSession(token: string): Promise<void> {
  await send('/connect/session', { method: 'DELETE', headers: { authorization: `Bearer ${token}` } }).catch(() => undefined);
}

async function send(path: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(settings.apiUrl + path, init).catch(() => null);
  if (!response) throw new RequestError(503, 'service_unavailable', 'The server cannot be reached.');
  const answer: unknown = response.headers.get('content-type')?.includes('json') ? await response.json() : undefined;
  if (response.ok) return answer;
  const { error } = (answer ?? {}) as { error?: { code?: string; message?: string } };
  throw new RequestError(response.status, error?.code ?? 'server_error', error?.message ?? `The server answered ${response.status}.`);
}
