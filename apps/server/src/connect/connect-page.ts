import { existsSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import Fastify, { type FastifyInstance } from 'fastify';
import { type Configuration, connectPath } from '../configuration.js';
import { originsOf } from '../oauth/browser-binding.js';

type Page = Pick<Configuration, 'connectFolder' | 'connectPort' | 'connectUrl' | 'serverUrl' | 'host'>;

/**
 * Serves the built connect page, when there is one: on a port of its own, since browser clients compare the page's origin with the address
 * that they were given, or under a path of this server. The product's pages may frame it; it may speak to this server alone, so that a link
 * with somebody else's `apiURL` cannot send away what an end user types here.
 */
export async function serveConnectPage(app: NestFastifyApplication, page: Page): Promise<void> {
  const instance = app.getHttpAdapter().getInstance();
  if (page.connectPort === undefined) return existsSync(join(page.connectFolder, 'index.html')) ? servePage(instance, connectPath, page) : undefined;
  instance.addHook('onRequest', async (request, reply) => {
    const [path, query = ''] = request.url.split('?', 2);
    return path === connectPath || path === `${connectPath}/` ? reply.redirect(`${page.connectUrl}/${query && `?${query}`}`) : undefined;
  });
  const own = await ownServer(page);
  instance.addHook('onClose', () => own.close());
}

async function ownServer(page: Page): Promise<FastifyInstance> {
  const own = Fastify({ forceCloseConnections: true });
  own.get('/health', async () => ({ result: 'ok' }));
  if (existsSync(join(page.connectFolder, 'index.html'))) await servePage(own, '', page);
  await own.listen({ host: page.host, port: page.connectPort ?? 0 });
  return own;
}

async function servePage(instance: FastifyInstance, prefix: string, { connectFolder, serverUrl }: Page): Promise<void> {
  const headers = pageHeaders(originsOf(serverUrl));
  const html = withApiUrl(readFileSync(join(connectFolder, 'index.html'), 'utf8'), serverUrl);
  instance.addHook('onRequest', async (request, reply) => {
    const [path, query = ''] = request.url.split('?', 2);
    // Its files are named relative to the page, and the router takes both spellings for one.
    if (prefix !== '' && path === prefix) return reply.redirect(`${prefix}/${query && `?${query}`}`);
    return path === `${prefix}/` ? reply.headers(headers).type('text/html; charset=utf-8').send(html) : undefined;
  });
  await instance.register(fastifyStatic, {
    root: connectFolder,
    prefix: `${prefix}/`,
    wildcard: false,
    index: false,
    cacheControl: false,
    decorateReply: false,
    setHeaders: (reply, path) => void reply.headers(path.includes(`${sep}assets${sep}`) ? assetHeaders : headers),
  });
}

/** Tells the page which server it belongs to. */
function withApiUrl(html: string, serverUrl: string): string {
  return html.replace('<head>', `<head><meta name="api-url" content="${serverUrl.replaceAll('"', '&quot;')}">`);
}

// Their names change with their content.
const assetHeaders = { 'cache-control': 'public, max-age=31536000, immutable', 'x-content-type-options': 'nosniff' };

function pageHeaders(servers: string[]): Record<string, string> {
  const [pages, sockets] = [servers.join(' '), servers.map((server) => server.replace(/^http/, 'ws')).join(' ')];
  return {
    'content-security-policy': `default-src 'self'; connect-src 'self' ${pages} ${sockets}; img-src 'self' data: https: ${pages}; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *`,
    'x-content-type-options': 'nosniff',
    // The address holds the session's token.
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  };
}
