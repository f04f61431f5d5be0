import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeApi, startFakeApi } from '../fake-api.js';
import { pageOf } from '../page.js';
import { IssueBoard, type Settings } from './issues.js';
import { oauthRoutes } from './oauth.routes.js';
import { Tokens } from './tokens.js';

/** Who may use the tracker, and how it starts. */
export interface DemoTrackerOptions extends Partial<Settings> {
  port?: number;
  apiKey?: string;
  clientId?: string;
  clientSecret?: string;
}

/** A running demo tracker. */
export interface DemoTracker extends FakeApi {
  apiKey: string;
  clientId: string;
  clientSecret: string;
  board: IssueBoard;
  tokens: Tokens;
  /** The same as `POST /control`. */
  change: (settings: Partial<Settings>) => void;
}

const defaults: Settings = { issues: 120, generation: 0, changeEverySeconds: 20, delayMs: 0, rateLimit: 6000, tokenSeconds: 3600 };
const maxPageSize = 1000;

/**
 * A fake issue tracker that the platform's demo and tests talk to: an API key or OAuth 2, pages, rate-limit headers,
 * and data that changes. `POST /control` steers it; nobody but this machine can reach it.
 */
export async function demoTracker({
  port,
  apiKey = 'demo-key',
  clientId = 'demo-client',
  clientSecret = 'demo-secret',
  ...given
}: DemoTrackerOptions = {}): Promise<DemoTracker> {
  const settings: Settings = { ...defaults, ...given };
  const board = new IssueBoard(settings.issues);
  const tokens = new Tokens();
  const change = (changes: Partial<Settings>): void => {
    Object.assign(settings, changes);
    if (changes.issues !== undefined) board.resize(changes.issues);
    if (changes.generation !== undefined) board.stepTo(changes.generation);
  };
  const routes = (app: FastifyInstance): void => {
    oauthRoutes(app, { tokens, clientId, clientSecret, settings });
    controlRoutes(app, { board, change, tokens });
    app.register(async (api) => {
      guard(api, { settings, accepts: (key) => key === apiKey || tokens.accepts(key) });
      issueRoutes(api, board);
    });
  };
  const api = await startFakeApi(routes, { errorBody: (status) => ({ error: reasons[status] ?? 'server_error' }), ...(port === undefined ? {} : { port }) });
  const clock = everySecondsOf(settings, () => change({ generation: board.state.generation + 1 }));
  const close = async (): Promise<void> => {
    clearInterval(clock);
    await api.close();
  };
  return { ...api, close, apiKey, clientId, clientSecret, board, tokens, change };
}

const reasons: Record<number, string> = { 400: 'invalid_request', 401: 'unauthorized', 404: 'not_found', 429: 'rate_limited' };

function everySecondsOf(settings: Settings, step: () => void): NodeJS.Timeout {
  let seconds = 0;
  return setInterval(() => {
    if (settings.changeEverySeconds > 0 && ++seconds % settings.changeEverySeconds === 0) step();
  }, 1000).unref();
}

/** Asks for a key and counts calls per minute, telling how many are left the way GitHub does. */
function guard(app: FastifyInstance, { settings, accepts }: { settings: Settings; accepts: (key: string) => boolean }): void {
  let window = { endsAt: 0, calls: 0 };
  app.addHook('onRequest', async (request, reply) => {
    if (settings.delayMs > 0) await sleep(settings.delayMs);
    if (!accepts(request.headers.authorization?.replace(/^Bearer /, '') ?? '')) return reply.code(401).send({ error: 'unauthorized' });
    if (Date.now() >= window.endsAt) window = { endsAt: Date.now() + 60_000, calls: 0 };
    window.calls++;
    const left = settings.rateLimit - window.calls;
    void reply.headers({
      'x-ratelimit-limit': settings.rateLimit,
      'x-ratelimit-remaining': Math.max(0, left),
      'x-ratelimit-reset': Math.ceil(window.endsAt / 1000),
    });
    if (left < 0)
      return reply
        .code(429)
        .header('retry-after', Math.ceil((window.endsAt - Date.now()) / 1000))
        .send({ error: 'rate_limited' });
  });
}

function issueRoutes(app: FastifyInstance, board: IssueBoard): void {
  app.get('/api/me', async () => ({ id: 'user-1', name: 'Ada' }));
  app.get<{ Querystring: Record<string, string | undefined> }>('/api/issues', async (request, reply) => {
    const { cursor, page_size: size = '50', updated_since: since } = request.query;
    const updatedSince = since === undefined ? undefined : new Date(since);
    if (!(Number(size) >= 1 && Number(size) <= maxPageSize)) return invalid(reply, `page_size is between 1 and ${maxPageSize}`);
    if (updatedSince && Number.isNaN(updatedSince.getTime())) return invalid(reply, 'updated_since is a date');
    const page = pageOf(board.list({ updatedSince }), { cursor, size: Number(size) });
    return page ? { issues: page.items, next_cursor: page.next } : invalid(reply, 'cursor is unknown');
  });
  app.get<{ Params: { id: string } }>(
    '/api/issues/:id',
    async (request, reply) => board.find(request.params.id) ?? reply.code(404).send({ error: 'not_found' }),
  );
  app.post('/api/issues', async (request, reply) => {
    const { title, body, labels } = fields(request);
    if (typeof title !== 'string' || title === '') return invalid(reply, 'title is missing');
    const issue = board.create({ title, body: typeof body === 'string' ? body : '', labels: Array.isArray(labels) ? labels.map(String) : [] });
    return reply.code(201).send(issue);
  });
  app.post<{ Params: { id: string } }>('/api/issues/:id/comments', async (request, reply) => {
    const issue = board.find(request.params.id);
    const { text } = fields(request);
    if (!issue) return reply.code(404).send({ error: 'not_found' });
    if (typeof text !== 'string' || text === '') return invalid(reply, 'text is missing');
    return reply.code(201).send(board.comment(issue, text));
  });
}

function controlRoutes(
  app: FastifyInstance,
  { board, change, tokens }: { board: IssueBoard; change: (changes: Partial<Settings>) => void; tokens: Tokens },
): void {
  app.get('/health', async () => ({ result: 'ok' }));
  app.get('/control', async () => board.state);
  app.post('/control', async (request, reply) => {
    const wanted = fields(request);
    const wrong = Object.entries(wanted).find(([name, value]) => !(name in defaults) || typeof value !== 'number' || !(value >= 0));
    if (wrong) return invalid(reply, `${wrong[0]} is not a setting, or not a number of 0 or more`);
    change(wanted as Partial<Settings>);
    return board.state;
  });
  app.post('/control/expire-tokens', async (_request, reply) => {
    tokens.expireAll();
    return reply.code(204).send();
  });
}

const fields = (request: FastifyRequest): Record<string, unknown> =>
  typeof request.body === 'object' && request.body !== null ? (request.body as Record<string, unknown>) : {};
const invalid = (reply: FastifyReply, message: string): FastifyReply => reply.code(400).send({ error: 'invalid_request', message });
