import type { AppError } from 'model';

/** The header that tells when to come back, for errors that know. */
export function retryAfterHeader({ payload }: AppError): Record<string, string> {
  const seconds = typeof payload === 'object' && payload !== null && 'retryAfterSeconds' in payload ? payload.retryAfterSeconds : undefined;
  return typeof seconds === 'number' ? { 'retry-after': String(seconds) } : {};
}
