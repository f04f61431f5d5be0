import { z } from 'zod';
import { type ErrorCode, errorCodes } from './error-codes.js';

/** What an {@link AppError} carries beside its code. `status` overrides the table where the surface asks for another one. */
export type AppErrorDetails = { message?: string; payload?: unknown; status?: number; errors?: FieldProblem[]; cause?: unknown };

/** One thing wrong with a request: where (path into the JSON, query or headers), what, and zod's code. */
export const FieldProblem = z.object({ code: z.string(), message: z.string(), path: z.array(z.union([z.string(), z.number()])) });
export type FieldProblem = z.infer<typeof FieldProblem>;

/** The body of every error on every hop: `{ error: { code, message, payload?, errors? } }`. */
export const ErrorBody = z.object({
  error: z.object({ code: z.string(), message: z.string().optional(), payload: z.unknown().optional(), errors: z.array(FieldProblem).optional() }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/**
 * The one error class. Thrown where the problem is understood, answered by the service's error filter.
 * Compare by `code`, never by `instanceof` across packages.
 *
 * @example throw new AppError('unknown_connection', { message: `No connection 'c1' for 'github'` })
 */
export class AppError extends Error {
  readonly payload: unknown;
  readonly status: number;
  readonly errors: FieldProblem[] | undefined;

  constructor(
    readonly code: ErrorCode,
    details: AppErrorDetails = {},
  ) {
    super(details.message ?? code.replaceAll('_', ' '), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.payload = details.payload;
    this.status = details.status ?? errorCodes[code].status;
    this.errors = details.errors;
  }

  /** The wire form, without a status. */
  toBody(): ErrorBody {
    const { code, message, payload, errors } = this;
    return { error: { code, message, ...(payload === undefined ? {} : { payload }), ...(errors ? { errors } : {}) } };
  }
}

/** Whether a thrown value is an {@link AppError} of any copy of this package. */
export function isAppError(value: unknown): value is AppError {
  return value instanceof Error && value.name === 'AppError' && 'code' in value && 'status' in value;
}
