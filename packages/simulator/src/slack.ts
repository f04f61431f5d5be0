import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type FakeApi, startFakeApi } from './fake-api.js';

/** A message that was posted to the fake. */
export interface SlackMessage {
  channel: string;
  ts: string;
  text: string;
}

/** A running fake of Slack's Web API (docs.slack.dev/reference/methods): every problem but too many calls is a 200 with `ok: false`. */
export interface FakeSlack extends FakeApi {
  /** The bot token it accepts. */
  token: string;
  /** Channels that exist. */
  channels: { id: string; name: string }[];
  messages: SlackMessage[];
}

type Body = Record<string, unknown>;

/**
 * Starts a fake Slack. Its methods are under `/api/`, as at slack.com.
 *
 * @example
 * const slack = await fakeSlack();
 * slack.messages // what chat.postMessage received
 */
export async function fakeSlack({ token = 'xoxb-token' }: { token?: string } = {}): Promise<FakeSlack> {
  const channels = [
    { id: 'C02MPPQC8FK', name: 'alerts' },
    { id: 'C02MPPQC8FL', name: 'general' },
  ];
  const messages: SlackMessage[] = [];
  const api = await startFakeApi((app) => methods(app, { token, channels, messages }), {
    errorBody: (status) => failed(errorNames[status] ?? 'internal_error'),
  });
  return { ...api, token, channels, messages };
}

const errorNames: Record<number, string> = {
  401: 'invalid_auth',
  404: 'unknown_method',
  429: 'ratelimited',
  500: 'internal_error',
  503: 'service_unavailable',
};

function methods(app: FastifyInstance, slack: Pick<FakeSlack, 'token' | 'channels' | 'messages'>): void {
  const answer = (request: FastifyRequest, method: (body: Body) => unknown): unknown => {
    const body = bodyOf(request);
    const given = request.headers.authorization?.replace(/^Bearer /, '') ?? body['token'];
    if (given === undefined) return failed('not_authed');
    return given === slack.token ? method(body) : failed('invalid_auth');
  };
  app.post('/api/chat.postMessage', async (request) => answer(request, (body) => postMessage(slack, body)));
  for (const method of ['GET', 'POST'] as const) {
    app.route({
      method,
      url: '/api/auth.test',
      handler: async (request) => answer(request, () => ({ ok: true, team: 'Acme', team_id: 'T012', user: 'bot', user_id: 'U012' })),
    });
    app.route({
      method,
      url: '/api/conversations.list',
      handler: async (request) => answer(request, () => ({ ok: true, channels: slack.channels, response_metadata: { next_cursor: '' } })),
    });
  }
  app.all<{ Params: { method: string } }>('/api/:method', async (request) => ({ ...failed('unknown_method'), req_method: request.params.method }));
}

function postMessage({ channels, messages }: Pick<FakeSlack, 'channels' | 'messages'>, body: Body): unknown {
  const channel = channels.find(({ id, name }) => body['channel'] === id || body['channel'] === `#${name}`);
  if (!channel) return failed('channel_not_found');
  if (!body['text'] && !body['blocks'] && !body['attachments']) return failed('no_text');
  const message = { channel: channel.id, ts: `1732000000.${String(messages.length + 1).padStart(6, '0')}`, text: String(body['text'] ?? '') };
  messages.push(message);
  return {
    ok: true,
    channel: channel.id,
    ts: message.ts,
    message: { type: 'message', subtype: 'bot_message', bot_id: 'B012', text: message.text, ts: message.ts },
  };
}

/** Slack takes JSON, forms and queries alike. */
function bodyOf(request: FastifyRequest): Body {
  const body = typeof request.body === 'object' && request.body !== null ? request.body : {};
  return { ...(request.query as Body), ...(body as Body) };
}

const failed = (error: string): { ok: false; error: string } => ({ ok: false, error });
