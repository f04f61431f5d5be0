import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FirstHandler, type Logger, toAppError } from 'service';
import { isAbandoned } from '../call/outcome.js';
import { callerGone, relay } from '../call/relay.js';
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
    const error = toAppError(thrown);
    if (error.code === 'server_error') logger.error('proxy.failed', { error: thrown });
    const headers = { 'content-type': 'application/json; charset=utf-8', ...retryAfterHeader(error) };
    response.writeHead(error.status, headers).end(JSON.stringify(error.toBody()));
  }
}
