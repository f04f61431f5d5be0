import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

// The page may load what this server gives and nothing else; nobody may frame it.
const pageHeaders = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/** Serves the built dashboard, when there is one: its files, and its page for every address that a browser opens and no route answers. */
export async function serveWebApp(app: NestFastifyApplication, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) return;
  await app.register(fastifyStatic, { root: folder, wildcard: false, index: false, cacheControl: false });
  const instance = app.getHttpAdapter().getInstance();
  instance.addHook('onRequest', async (request, reply) => {
    if (opensPage(request)) return sendPage(reply);
    // Their names change with their content.
    if (request.url.startsWith('/assets/') && !request.is404) reply.header('cache-control', 'public, max-age=31536000, immutable');
    return undefined;
  });
}

function opensPage({ method, url, headers, is404 }: FastifyRequest): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return is404 && isRead && (headers.accept ?? '').includes('text/html') && !url.startsWith('/api/');
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply.headers(pageHeaders).sendFile('index.html');
}
