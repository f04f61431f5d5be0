import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from 'model';
import { callerGone, type FirstHandler, type Logger, toAppError } from 'service';
import { isAbandoned } from '../call/outcome.js';
import { ParkedCall } from '../call/parked-call.js';
import { relay } from '../call/relay.js';
import { retryAfterHeader } from '../way-out/retry-after.js';
import type { ProxyService } from './proxy.service.js';

/** `ALL /proxy/*`, ahead of the framework: this path is hot, and neither its bodies nor its answers are ever parsed. */
export function proxyRoute(service: ProxyService, logger: Logger): FirstHandler {
  return (request, response) => {
    if (!/^\/proxy(?:[/?]|$)/.test(request.url ?? '')) return false;
    void answer(service, logger, request, response);
    return true;
  };
}

async function answer(service: ProxyService, logger: Logger, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const call = await service.call(request, callerGone(response));
    await relay(call.answer, response, call);
  } catch (thrown) {
    // Not the response: while the one before it on this connection is being written off it has no socket, and would destroy none.
    if (response.headersSent || isAbandoned(thrown)) return void request.socket.destroy();
    if (thrown instanceof ParkedCall) return refuse(budgetUsedUp(thrown), response);
    const error = toAppError(thrown);
    if (error.code === 'server_error') logger.error('proxy.failed', { error: thrown });
    refuse(error, response);
  }
}

/** Answers a request that never reached the framework with an error. */
export function refuse(error: AppError, to: ServerResponse): void {
  to.writeHead(error.status, { 'content-type': 'application/json; charset=utf-8', ...retryAfterHeader(error) }).end(JSON.stringify(error.toBody()));
}

/** The connection's rate budget has no place for so long that nobody is kept waiting who has not asked for it. */
function budgetUsedUp({ until }: ParkedCall): AppError {
  const seconds = Math.max(1, Math.ceil((until.getTime() - Date.now()) / 1_000));
  const message = `The rate budget of this connection's API is used up; try again in ${seconds} s, or send "Prefer: wait=${seconds}"`;
  return new AppError('too_many_request', { message, payload: { retryAfterSeconds: seconds } });
}
