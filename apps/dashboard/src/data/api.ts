import type { FieldProblem } from 'model';
import type { z } from 'zod';

/** A refused request, with what the server said. `problems` name the fields of the request that are wrong. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problems: FieldProblem[] = [],
  ) {
    super(message);
  }
}

type Request = { method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; env?: string; query?: Record<string, string | undefined>; body?: unknown };

async function send(path: string, { method = 'GET', env, query = {}, body }: Request): Promise<unknown> {
  const search = new URLSearchParams(Object.entries({ ...query, env }).filter((entry): entry is [string, string] => Boolean(entry[1])));
  const response = await fetch(`/api/v1${path}?${search}`, {
    method,
    // Sent with every request, not only with bodies: the server takes it as proof that a page of its own asks.
    headers: { 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
  });
  const answer: unknown = response.headers.get('content-type')?.includes('json') ? await response.json() : undefined;
  if (response.ok) return answer;
  const { error } = (answer ?? {}) as { error?: { code?: string; message?: string; errors?: FieldProblem[] } };
  const problems = error?.errors ?? [];
  const details = problems.map(({ path: field, message }) => `${field.join('.')}: ${message}`).join('; ');
  throw new RequestError(response.status, error?.code ?? 'server_error', details || error?.message || `The server answered ${response.status}.`, problems);
}

/** Asks and checks the answer's shape. */
export async function ask<S extends z.ZodType>(schema: S, path: string, request: Request = {}): Promise<z.infer<S>> {
  return schema.parse(await send(path, request));
}

/** Tells the server to do something whose answer does not matter. */
export async function tell(path: string, request: Request): Promise<void> {
  await send(path, request);
}
