import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

// What a build names by its content never changes; index.html is what names it.
const yearMs = 365 * 86_400_000;

/** Serves the built dashboard, when there is one: its files, and its page for every address that a browser opens and no route answers. */
export async function serveWebApp(app: NestFastifyApplication, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) return;
  await app.register(fastifyStatic, { root: folder, wildcard: false, index: ['index.html'], maxAge: 0, cacheControl: true });
  const instance = app.getHttpAdapter().getInstance();
  instance.addHook('onRequest', async (request, reply) => {
    const opensPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (request.is404 && opensPage) return reply.header('cache-control', 'no-cache').sendFile('index.html');
    if (request.url.startsWith('/assets/')) reply.header('cache-control', `public, max-age=${yearMs / 1000}, immutable`);
    return undefined;
  });
}
