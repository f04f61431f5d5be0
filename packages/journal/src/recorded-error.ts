import { AppError, type ErrorCode, isAppError, isErrorCode } from 'model';

/** They are about the platform or the attempt, not about the call: made again, it may well succeed. */
const passing = new Set<ErrorCode>([
  'server_error',
  'service_unavailable',
  'temporal_unavailable',
  'execution_fenced',
  'unauthorized',
  'decryption_failed',
  'invalid_encryption_key',
]);

/** Whether an error is what a script was told of its call, and so what it is told again. */
export function isResult(error: unknown): error is AppError {
  return isAppError(error) && !passing.has(error.code);
}

/** An error as the journal keeps it. */
export function encodeError({ code, message, payload }: AppError): Uint8Array {
  return Buffer.from(JSON.stringify({ code, message, ...(payload === undefined ? {} : { payload }) }));
}

/** What {@link encodeError} encoded. */
export function decodeError(bytes: Uint8Array): AppError {
  const { code, message, payload } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { code: string; message: string; payload?: unknown };
  return new AppError(isErrorCode(code) ? code : 'server_error', { message, ...(payload === undefined ? {} : { payload }) });
}
