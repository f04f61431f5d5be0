import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { AppError } from 'model';
import type { IncomingHttpHeaders } from 'node:http';

/** How a caller wants an action to be run. */
export type RunHeaders = { idempotencyKey: string | undefined; isAsync: boolean };

const maxKeyLength = 255;

/** The `Idempotency-Key` and `X-Async` headers. */
export const RunHeaders = createParamDecorator((_: unknown, context: ExecutionContext): RunHeaders => {
  return runHeadersOf(context.switchToHttp().getRequest<{ headers: IncomingHttpHeaders }>().headers);
});

/** @throws AppError `invalid_headers` for a key that is too long */
export function runHeadersOf(headers: IncomingHttpHeaders): RunHeaders {
  const key = [headers['idempotency-key']].flat()[0];
  if (key && key.length > maxKeyLength) throw new AppError('invalid_headers', { message: `Idempotency-Key may have ${maxKeyLength} characters` });
  return { idempotencyKey: key || undefined, isAsync: headers['x-async'] === 'true' };
}
