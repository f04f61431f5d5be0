import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';

const rateLimitHeaders = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];

const open = {
  origin: '*',
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders: ['Authorization', 'Etag', 'Content-Type', 'Content-Length', 'X-Nango-Signature', ...rateLimitHeaders],
  maxAge: 600,
};

/** What the framework would add to an answer that any page may read: names and values in turn. */
export const openHeaders: readonly string[] = ['access-control-allow-origin', open.origin, 'access-control-expose-headers', open.exposedHeaders.join(', ')];

/** Whether a browser asks before it sends a page's request. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/**
 * Any page may call the public API: who is let in depends on the key alone (surface 4.1).
 * The dashboard's own API goes by a cookie, so no other page may.
 */
export function allowOtherOrigins(app: NestFastifyApplication): void {
  app.enableCors({ delegator: (request: FastifyRequest, answer) => answer(null, request.url.startsWith('/api/v1/') ? { origin: false } : open) });
}
