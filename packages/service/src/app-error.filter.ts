import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorCode, isAppError } from 'model';
import type { Logger } from './logger.js';
import { isUnstorableText } from './unstorable-text.js';

const codeByStatus: Record<number, ErrorCode> = {
  400: 'invalid_body',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  413: 'body_too_large',
  414: 'invalid_uri_params',
  415: 'unsupported_media_type',
  503: 'service_unavailable',
};

/** Answers everything that was thrown as `{ error: { code, message, payload?, errors? } }`; what is not ours as `server_error`, without its text. */
@Catch()
export class AppErrorFilter implements ExceptionFilter<unknown> {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();
    const error = toAppError(thrown);
    const about = { method: request.method, path: request.url?.split('?')[0], code: error.code, error: thrown };
    if (error.status >= 500) this.logger.error('request.failed', about);
    // Mostly the caller's, now and then ours.
    else if (isUnstorableText(thrown)) this.logger.warn('request.unstorable_text', about);
    if (reply.sent || reply.raw.headersSent) return void reply.raw.destroy();
    void reply.status(error.status).type('application/json; charset=utf-8').send(error.toBody());
  }
}

/** The {@link AppError} that a thrown value is answered with. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  // From another copy of the package: the same error by name, without the method that writes it.
  if (isAppError(thrown))
    return new AppError(thrown.code, {
      message: thrown.message,
      payload: thrown.payload,
      status: thrown.status,
      ...(thrown.errors ? { errors: thrown.errors } : {}),
    });
  if (thrown instanceof HttpException) return fromStatus(thrown.getStatus(), thrown.message);
  if (isUnstorableText(thrown))
    return new AppError('invalid_body', { message: 'The request holds text that cannot be kept: a NUL character, or half a character' });
  return fromFastify(thrown);
}

function fromFastify(thrown: unknown): AppError {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('statusCode' in thrown) || !String(thrown.code).startsWith('FST_'))
    return new AppError('server_error');
  if (thrown.code === 'FST_ERR_CTP_INVALID_JSON_BODY') return new AppError('invalid_json', { message: 'The body is not valid JSON' });
  if (thrown.code === 'FST_ERR_BAD_URL') return new AppError('invalid_uri_params', { message: 'The URL is malformed' });
  return fromStatus(Number(thrown.statusCode), thrown.message);
}

function fromStatus(status: number, message: string): AppError {
  const code = codeByStatus[status] ?? (status < 500 ? 'invalid_body' : 'server_error');
  return code === 'server_error' ? new AppError(code) : new AppError(code, { message, status });
}
