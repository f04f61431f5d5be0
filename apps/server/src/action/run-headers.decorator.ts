import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { AppError } from 'model';
import type { IncomingHttpHeaders } from 'node:http';

/** How a caller wants an action to be run. */
export type RunHeaders = { idempotencyKey: string | undefined; isAsync: boolean; maxRetries: number };

const maxKeyLength = 255;
const mostRetries = 5;

/** The `Idempotency-Key`, `X-Async` and `X-Max-Retries` headers. */
export const RunHeaders = createParamDecorator((_: unknown, context: ExecutionContext): RunHeaders => {
  return runHeadersOf(context.switchToHttp().getRequest<{ headers: IncomingHttpHeaders }>().headers);
});

/** @throws AppError `invalid_headers` for a key that is too long, or retries that are no number from 0 to 5 */
export function runHeadersOf(headers: IncomingHttpHeaders): RunHeaders {
  const key = [headers['idempotency-key']].flat()[0];
  if (key && key.length > maxKeyLength) throw new AppError('invalid_headers', { message: `Idempotency-Key may have ${maxKeyLength} characters` });
  return { idempotencyKey: key || undefined, isAsync: headers['x-async'] === 'true', maxRetries: retriesOf(headers) };
}

function retriesOf(headers: IncomingHttpHeaders): number {
  const given = [headers['x-max-retries']].flat()[0] || '0';
  if (/^\d$/.test(given) && Number(given) <= mostRetries) return Number(given);
  throw new AppError('invalid_headers', { message: `X-Max-Retries is a number from 0 to ${mostRetries}` });
}
