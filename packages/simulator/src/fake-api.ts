import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { AddressInfo } from 'node:net';

/**
 * What the next answer should be instead of the real one:
 * a status (with an optional Retry-After in seconds), an HTML page, or a JSON body that is cut in the middle.
 */
export type Failure = { status: number; retryAfterSeconds?: number } | 'html' | 'cut';

/** A call that a fake API received. */
export interface ReceivedCall {
  method: string;
  /** Path with query. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  at: Date;
}

/** A running fake of an external API. */
export interface FakeApi {
  /** Its origin, without a slash at the end. */
  url: string;
  /** Every call so far, the failed ones too. */
  calls: ReceivedCall[];
  /** The next calls (those whose path starts with `path`, when given) get these answers, one each. */
  fail: (failures: Failure[], options?: { path?: string }) => void;
  close: () => Promise<void>;
}

/** How one API words its errors. */
export type ErrorBodyOf = (status: number) => unknown;

/** A fake API around the given routes: records calls, answers the failures that were asked for, listens on loopback. */
export async function startFakeApi(
  routes: (app: FastifyInstance) => void,
  { errorBody, port = 0 }: { errorBody: ErrorBodyOf; port?: number },
): Promise<FakeApi> {
  const calls: ReceivedCall[] = [];
  const pending: { failure: Failure; path: string }[] = [];
  const app = Fastify({ bodyLimit: 50_000_000, forceCloseConnections: true });
  acceptForms(app);
  app.addHook('preHandler', async (request, reply) => {
    calls.push(received(request));
    const index = pending.findIndex(({ path }) => request.url.startsWith(path));
    const [hit] = index === -1 ? [] : pending.splice(index, 1);
    if (hit) return answerFailure(reply, hit.failure, errorBody);
  });
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    return reply.code(status).send(errorBody(status));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody(404)));
  routes(app);
  await app.listen({ host: '127.0.0.1', port });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const fail: FakeApi['fail'] = (failures, { path = '/' } = {}) => void pending.push(...failures.map((failure) => ({ failure, path })));
  return { url, calls, fail, close: () => app.close() };
}

function answerFailure(reply: FastifyReply, failure: Failure, errorBody: ErrorBodyOf): FastifyReply {
  if (failure === 'html') return reply.code(200).type('text/html').send('<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>');
  if (failure === 'cut') return cutBody(reply);
  if (failure.retryAfterSeconds !== undefined) void reply.header('retry-after', String(failure.retryAfterSeconds));
  return reply.code(failure.status).send(errorBody(failure.status));
}

/** Promises more bytes than it sends, then closes the connection. */
function cutBody(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  reply.raw.write('{"data":[{"id":', () => reply.raw.destroy());
  return reply;
}

function acceptForms(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
}

function received(request: FastifyRequest): ReceivedCall {
  return { method: request.method, url: request.url, headers: { ...request.headers }, body: request.body ?? null, at: new Date() };
}
