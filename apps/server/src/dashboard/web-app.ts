import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Configuration } from '../configuration.js';

const otherHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/** Serves the built dashboard, when there is one: its files, and its page for every address that a browser opens and no route answers. */
export async function serveWebApp(
  app: NestFastifyApplication,
  { dashboardFolder: folder, connectUrl }: Pick<Configuration, 'dashboardFolder' | 'connectUrl'>,
): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) return;
  await app.register(fastifyStatic, { root: folder, wildcard: false, index: false, cacheControl: false });
  const headers = pageHeaders(new URL(connectUrl).origin);
  const instance = app.getHttpAdapter().getInstance();
  instance.addHook('onRequest', async (request, reply) => {
    if (opensPage(request)) return reply.headers(headers).sendFile('index.html');
    // Their names change with their content.
    if (request.url.startsWith('/assets/') && !request.is404) reply.header('cache-control', 'public, max-age=31536000, immutable');
    return undefined;
  });
}

function opensPage({ method, url, headers, is404 }: FastifyRequest): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return is404 && isRead && (headers.accept ?? '').includes('text/html') && !url.startsWith('/api/');
}

/** The page may load what this server gives, and frame the hosted connect page; nobody may frame it. */
function pageHeaders(connectOrigin: string): Record<string, string> {
  const policy = `default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; frame-src ${connectOrigin}; object-src 'none'; base-uri 'self'; frame-ancestors 'none'`;
  return { 'content-security-policy': policy, ...otherHeaders };
}
