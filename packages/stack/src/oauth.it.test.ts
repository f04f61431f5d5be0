import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CookieBrowser, Product, sharedStack, type TestStack } from './testing/index.js';

type Message = { message_type: string; ws_client_id?: string; error_type?: string; error_desc?: string; connection_id?: string };

/** The socket on which a page waits for its popup. */
class Waiting {
  readonly messages: Message[] = [];
  closed = false;
  private constructor(
    private readonly socket: WebSocket,
    readonly id: string,
  ) {}

  static open(serverUrl: string): Promise<Waiting> {
    const socket = new WebSocket(serverUrl.replace(/^http/, 'ws'));
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      let waiting: Waiting | undefined;
      socket.on('close', () => {
        if (waiting) waiting.closed = true;
      });
      socket.on('message', (text) => {
        const message = JSON.parse(String(text)) as Message;
        if (!waiting) return resolve((waiting = new Waiting(socket, message.ws_client_id ?? '')));
        waiting.messages.push(message);
      });
    });
  }

  close(): void {
    this.socket.terminate();
  }
}

describe('an OAuth 2 connection of the demo tracker', () => {
  let stack: TestStack;
  let product: Product;
  let integration: string;
  let browser: CookieBrowser;
  const opened: Waiting[] = [];
  beforeAll(async () => {
    stack = await sharedStack();
    product = new Product(stack, stack.simulatorUrl);
    integration = `tracker-${randomUUID().slice(0, 8)}`;
    const credentials = { type: 'OAUTH2', client_id: 'demo-client', client_secret: 'demo-secret', scopes: 'issues' };
    await product.must('POST', '/integrations', { body: { unique_key: integration, provider: 'demo-tracker-oauth', credentials } });
    browser = new CookieBrowser();
  });
  afterEach(() => {
    for (const waiting of opened.splice(0)) waiting.close();
  });

  const waitingPage = async (): Promise<Waiting> => {
    const waiting = await Waiting.open(stack.serverUrl);
    opened.push(waiting);
    return waiting;
  };
  const aSession = async (): Promise<string> => {
    const body = { end_user: { id: 'user-1' }, allowed_integrations: [integration] };
    return ((await product.must('POST', '/connect/sessions', { body })) as { data: { token: string } }).data.token;
  };
  const connectUrl = (query: Record<string, string>): string =>
    `${stack.serverUrl}/oauth/connect/${integration}?${new URLSearchParams({ 'params[baseUrl]': stack.simulatorUrl, ...query })}`;
  /** Clicks a button of the tracker's consent page; answers where it leads. */
  const decide = async (page: { url: string; body: string }, button: 'allow' | 'deny') => {
    const link = new RegExp(`id="${button}" href="([^"]+)"`).exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    return browser.visit(new URL(link, page.url).href);
  };
  const progress = async (id: string) => (await fetch(`${stack.serverUrl}/oauth/session/${id}`)).json() as Promise<{ status: string; result?: Message }>;

  it('is made in a popup, and the page that waits hears of it', async () => {
    const waiting = await waitingPage();
    expect(await progress(waiting.id)).toEqual({ status: 'waiting' });
    const consent = await browser.visit(connectUrl({ connect_session_token: await aSession(), ws_client_id: waiting.id }));
    const asked = new URL(consent.url).searchParams;
    expect([asked.get('code_challenge_method'), asked.get('scope'), asked.get('redirect_uri')]).toEqual([
      'S256',
      'issues',
      expect.stringMatching(/\/oauth\/callback$/),
    ]);
    expect(await progress(waiting.id)).toEqual({ status: 'redirected' });
    const end = await decide(consent, 'allow');
    expect([end.status, end.body]).toEqual([200, expect.stringContaining('Connected')]);
    expect(end.headers.get('referrer-policy')).toBe('no-referrer');
    await expect.poll(() => waiting.messages).toHaveLength(1);
    const [message] = waiting.messages;
    expect(message).toEqual({ message_type: 'success', provider_config_key: integration, connection_id: expect.any(String), is_pending: false });
    expect(await progress(waiting.id)).toEqual({ status: 'finished', result: message });
    await expect.poll(() => waiting.closed).toBe(true);
    const connectionId = message?.connection_id ?? '';
    const connection = await product.must('GET', `/connection/${connectionId}?provider_config_key=${integration}`);
    expect(connection).toMatchObject({ end_user: { id: 'user-1' }, credentials: { type: 'OAUTH2', access_token: expect.any(String) } });
    const me = await product.call('GET', '/proxy/api/me', { headers: { 'connection-id': connectionId, 'provider-config-key': integration } });
    expect([me.status, me.body]).toEqual([200, { id: 'user-1', name: 'Ada' }]);
  });

  it('is not made when the person refuses, and the page that waits is told why', async () => {
    const waiting = await waitingPage();
    const consent = await browser.visit(connectUrl({ connect_session_token: await aSession(), ws_client_id: waiting.id }));
    const end = await decide(consent, 'deny');
    expect([end.status, end.body]).toEqual([400, expect.stringContaining('access_denied')]);
    await expect.poll(() => waiting.messages).toMatchObject([{ message_type: 'error', error_type: 'callback_err' }]);
  });

  it('is made once for one answer of the provider', async () => {
    const waiting = await waitingPage();
    const consent = await browser.visit(connectUrl({ connect_session_token: await aSession(), ws_client_id: waiting.id }));
    const link = /id="allow" href="([^"]+)"/.exec(consent.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const back = await browser.visit(new URL(link, consent.url).href, { stopAt: (url) => url.includes('/oauth/callback') });
    expect((await browser.visit(back.url)).status).toBe(200);
    expect((await browser.visit(back.url)).body).toContain('finished already');
  });

  it('is refused in another browser than the one that began it', async () => {
    const waiting = await waitingPage();
    const consent = await browser.visit(connectUrl({ connect_session_token: await aSession(), ws_client_id: waiting.id }));
    browser.clear();
    expect((await decide(consent, 'allow')).status).toBe(400);
    await expect.poll(() => waiting.messages).toMatchObject([{ error_type: 'state_cookie_err' }]);
  });

  it.each([
    ['a key of no environment', { public_key: randomUUID() }, 'account_or_environment_retrieval_err'],
    ['no key', {}, 'url_param_err'],
    ['an address that is none', { 'params[baseUrl]': 'nowhere', connect_session_token: '' }, 'url_param_err'],
  ])('cannot be begun with %s', async (_what, query, type) => {
    const waiting = await waitingPage();
    const given = 'connect_session_token' in query ? { ...query, connect_session_token: await aSession() } : query;
    const end = await browser.visit(connectUrl({ ...given, ws_client_id: waiting.id }));
    expect(end.status).toBe(400);
    await expect.poll(() => waiting.messages).toMatchObject([{ error_type: type }]);
  });
});
