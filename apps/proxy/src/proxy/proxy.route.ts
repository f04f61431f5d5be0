import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from 'model';
import { type Logger, toAppError } from 'service';
import { isAbandoned } from '../call/outcome.js';
import { ParkedCall } from '../call/parked-call.js';
import { callerGone, relay } from '../call/relay.js';
import type { ProxyService } from './proxy.service.js';

/** `ALL /proxy/*`, straight on Fastify: this path is hot, and neither its bodies nor its answers are ever parsed. */
export function registerProxyRoute(instance: FastifyInstance, service: ProxyService, logger: Logger): void {
  const handle = (request: FastifyRequest, reply: FastifyReply): Promise<void> => answer(service, logger, request, reply);
  void instance.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));
    scope.all('/proxy', handle);
    scope.all('/proxy/*', handle);
    done();
  });
}

async function answer(service: ProxyService, logger: Logger, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  try {
    const call = await service.call(request.raw, callerGone(raw));
    await relay(call.answer, raw, call);
  } catch (thrown) {
    if (raw.headersSent || isAbandoned(thrown)) return void raw.destroy();
    if (thrown instanceof ParkedCall) return refuse(thrown, raw);
    const error = toAppError(thrown);
    if (error.code === 'server_error') logger.error('proxy.failed', { error: thrown });
    raw.writeHead(error.status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(error.toBody()));
  }
}

/** The connection's rate budget has no place for so long that nobody is kept waiting who has not asked for it. */
function refuse({ until }: ParkedCall, to: ServerResponse): void {
  const seconds = Math.max(1, Math.ceil((until.getTime() - Date.now()) / 1_000));
  const message = `The rate budget of this connection's API is used up; try again in ${seconds} s, or send "Prefer: wait=${seconds}"`;
  const error = new AppError('too_many_request', { message, payload: { retry_after: seconds } });
  to.writeHead(error.status, { 'content-type': 'application/json; charset=utf-8', 'retry-after': String(seconds) }).end(JSON.stringify(error.toBody()));
}
