import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const rateLimitHeaders = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];

/** Any page may call the public API: who is let in depends on the key alone, never on a cookie (surface 4.1). */
export function allowOtherOrigins(app: NestFastifyApplication): void {
  app.enableCors({
    origin: '*',
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['Authorization', 'Etag', 'Content-Type', 'Content-Length', 'X-Nango-Signature', ...rateLimitHeaders],
    maxAge: 600,
  });
}
