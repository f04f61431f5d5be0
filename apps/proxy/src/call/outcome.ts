import { AppError, isAppError } from 'model';

const timeouts = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);
const malformed = new Set(['UND_ERR_INVALID_ARG', 'ERR_INVALID_CHAR', 'ERR_HTTP_INVALID_HEADER_VALUE', 'ERR_INVALID_HTTP_TOKEN']);

/** The error that a call without an answer is told as. Names the network's code and nothing else: messages may quote headers. */
export function failureOf(error: unknown, timeoutMs?: number): AppError {
  if (isAppError(error)) return error;
  const code = codeOf(error);
  if ((code !== undefined && timeouts.has(code)) || isTimeout(error))
    return new AppError('upstream_timeout', {
      message: `The API did not answer ${timeoutMs === undefined ? 'in time' : `within ${timeoutMs} ms`} (${code ?? 'TimeoutError'})`,
      payload: { code: code ?? 'TimeoutError' },
    });
  if (code !== undefined && malformed.has(code))
    return new AppError('invalid_headers', { message: 'A header, the method or the path of this call is malformed' });
  return new AppError('upstream_unreachable', { message: `The API could not be reached (${code ?? 'unknown'})`, payload: { code: code ?? 'unknown' } });
}

/** Whether the caller went away before the call came to an end. */
export function isAbandoned(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** What `AbortSignal.timeout` aborts with; it has a number for a code. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
