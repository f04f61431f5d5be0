import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppError } from 'model';
import { LoopLag } from './loop-lag.js';

const mostLagMs = 300;

/**
 * Refuses webhooks at the door while the process is behind, before their bodies are read: a provider sends them again, and what else
 * the server does, and the webhooks that have come in, are not to wait for them.
 */
export function shedWebhooks(app: NestFastifyApplication, path: RegExp): void {
  const lag = new LoopLag();
  const refusal = new AppError('service_unavailable', { message: 'More webhooks arrive than can be kept; send this one again' });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      if (lag.ms < mostLagMs || !path.test(request.url.split('?', 1)[0] ?? '')) return done();
      void reply.code(refusal.status).header('retry-after', '1').send(refusal.toBody());
    });
}
