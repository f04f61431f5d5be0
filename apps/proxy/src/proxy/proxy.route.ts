import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Logger, toAppError } from 'service';
import { isAbandoned } from '../call/outcome.js';
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
    const error = toAppError(thrown);
    if (error.code === 'server_error') logger.error('proxy.failed', { error: thrown });
    raw.writeHead(error.status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(error.toBody()));
  }
}
