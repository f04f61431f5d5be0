import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connectPath } from '../configuration.js';

/**
 * Serves the built connect page, when there is one. The product's pages may frame it; it may speak to this server alone,
 * so that a link with somebody else's `apiURL` cannot send away what an end user types here.
 */
export async function serveConnectPage(app: NestFastifyApplication, { folder, serverUrl }: { folder: string; serverUrl: string }): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) return;
  const headers = pageHeaders(new URL(serverUrl).origin);
  const instance = app.getHttpAdapter().getInstance();
  // Its files are named relative to the page, and the router takes both spellings for one.
  instance.addHook('onRequest', async (request, reply) => {
    const [path, query = ''] = request.url.split('?', 2);
    return path === connectPath ? reply.redirect(`${connectPath}/${query && `?${query}`}`) : undefined;
  });
  await instance.register(fastifyStatic, {
    root: folder,
    prefix: `${connectPath}/`,
    wildcard: false,
    cacheControl: false,
    decorateReply: false,
    setHeaders: (reply, path) => void reply.headers(path.includes(`${sep}assets${sep}`) ? assetHeaders : headers),
  });
}

// Their names change with their content.
const assetHeaders = { 'cache-control': 'public, max-age=31536000, immutable', 'x-content-type-options': 'nosniff' };

function pageHeaders(server: string): Record<string, string> {
  return {
    'content-security-policy': `default-src 'self'; connect-src 'self' ${server}; img-src 'self' data: https: ${server}; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *`,
    'x-content-type-options': 'nosniff',
    // The address holds the session's token.
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  };
}
