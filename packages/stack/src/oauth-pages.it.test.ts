import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  anEvilServer,
  callbackUrlOf,
  CookieBrowser,
  type EvilServer,
  oauthIntegration,
  ownName,
  PopupFlow,
  Product,
  sharedStack,
  type TestStack,
} from './testing/index.js';

const lureNames =
  `redirect redirect_uri redirect_url redirectUrl return return_to returnTo return_url returnUrl next url uri callback callback_url continue dest
  destination target to goto success_url RelayState post_logout_redirect_uri host authorization_params[redirect_uri] params[callbackUrl]`.split(/\s+/);
const lures = [
  'https://evil.example/',
  '//evil.example/',
  String.raw`/\evil.example/`,
  'https:evil.example',
  'https://localhost@evil.example/',
  'javascript:location="https://evil.example"',
  '\thttps://evil.example/',
  '%2f%2fevil.example%2f',
];
/** 26 names times 8 addresses. */
const crafted = lureNames.flatMap((name) => lures.map((lure) => [name, lure] as const));

describe('the pages of an authorisation', () => {
  let stack: TestStack;
  let product: Product;
  let evil: EvilServer;
  let integration: string;
  let flow: PopupFlow;
  /** Where browsers may be sent: the server, the hosted page, and the provider. */
  let origins: string[];
  beforeAll(async () => {
    stack = await sharedStack();
    evil = await anEvilServer();
    product = new Product(stack, evil.url);
    integration = await oauthIntegration(product, evil.integrationConfig(), { app: { client_id: 'c', client_secret: 'the-secret' } });
    const { data } = (await product.must('POST', '/connect/sessions', { body: { end_user: { id: 'u' } } })) as { data: { connect_link: string } };
    origins = [evil.url, ownName(stack.serverUrl), new URL(data.connect_link).origin];
  });
  afterAll(() => evil?.close());
  beforeEach(() => {
    evil.behave();
    flow = new PopupFlow(product, integration);
  });

  /** Answers without following anything; the host header is as given. */
  const raw = (path: string, host?: string) =>
    new Promise<{ location: string | undefined; body: string }>((resolve, reject) => {
      const { hostname, port } = new URL(stack.serverUrl);
      const sent = request({ hostname, port, path, headers: { accept: 'text/html', host: host ?? `localhost:${port}` } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ location: response.headers.location, body: Buffer.concat(chunks).toString() }));
      });
      sent.on('error', reject).end();
    });
  const leadsAway = ({ location, body }: { location: string | undefined; body: string }): boolean =>
    (location !== undefined && !origins.includes(new URL(location, ownName(stack.serverUrl)).origin)) ||
    /http-equiv=["']?refresh/i.test(body) ||
    /(href|src|action)=["']?[^"'>]*evil\.example/i.test(body);

  it('O-06 lead nowhere else, whatever 208 crafted addresses ask for at each of four paths', { timeout: 120_000 }, async () => {
    const session = await flow.session();
    const paths = ['/oauth/callback', `/oauth/connect/${integration}`, '/app-auth/connect', '/connect-ui'];
    const queries = crafted.map(([name, lure]) => `${encodeURIComponent(name)}=${encodeURIComponent(lure)}`);
    const away: string[] = [];
    for (const path of paths)
      for (const query of queries) {
        const whole = `${path}?connect_session_token=${session}&state=x&code=y&${query}`;
        if (leadsAway(await raw(whole))) away.push(whole);
      }
    expect([crafted.length, away]).toEqual([208, []]);
    // The provider was given our own callback every time.
    expect(new Set(evil.calls('/authorize').map(({ query }) => query.get('redirect_uri'))).size).toBeLessThanOrEqual(1);
  });

  it('O-06 lead nowhere else by their path or the Host header', async () => {
    const paths = [
      '//evil.example/oauth/callback',
      '/oauth/callback//evil.example',
      '/oauth/callback/%2f%2fevil.example',
      String.raw`/\evil.example/connect-ui`,
    ];
    for (const path of [
      ...paths,
      `/oauth/connect/${encodeURIComponent('//evil.example')}`,
      '/connect-ui//evil.example/..',
      '/oauth/connect/https:%2f%2fevil.example',
    ])
      expect([path, leadsAway(await raw(path))]).toEqual([path, false]);
    for (const host of ['evil.example', `evil.example:${new URL(stack.serverUrl).port}`, 'localhost@evil.example'])
      for (const path of ['/oauth/callback?state=x', new URL(await flow.connectUrl()).pathname])
        expect([host, leadsAway(await raw(path, host))]).toEqual([host, false]);
  });

  it.each([
    ['a success', {}],
    ['a refusal', { error: 'access_denied', code: undefined }],
  ])('O-10 end with %s on a page that keeps its code to itself', async (_, answered) => {
    evil.answered = () => ({ code: 'a-code-to-keep', ...answered });
    const back = new URL((await flow.begin()).url);
    const end = await flow.browser.visit(back.href);
    const policy = end.headers.get('content-security-policy') ?? '';
    expect(Object.fromEntries(['referrer-policy', 'cache-control', 'x-content-type-options'].map((name) => [name, end.headers.get(name)]))).toEqual({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(policy).toMatch(
      /default-src 'none'; script-src 'nonce-[^']+'; style-src 'nonce-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'/,
    );
    expect(end.body).toContain("history.replaceState(null,'',location.pathname)");
    for (const secret of ['a-code-to-keep', back.searchParams.get('state') ?? '-']) expect(end.body).not.toContain(secret);
    expect(end.body).not.toMatch(/(src|href)=|@import|url\(|https?:\/\//);
  });

  it('O-10 have a new nonce each time', async () => {
    const nonces = await Promise.all(
      [1, 2].map(async () => (await new CookieBrowser().visit(callbackUrlOf(stack.serverUrl))).headers.get('content-security-policy')),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  it.each([
    ['error_description', '<script>alert(1)</script><img src=x onerror=alert(2)>'],
    ['error', '"><svg onload=alert(1)>'],
    ['error_description', '</script><script>alert(1)</script>'],
    ['error_description', '\'"><a href=https://evil.example>Log in again</a>'],
    ['error_description', '\u2028</title><base href=https://evil.example>'],
  ])("O-11 show a provider's %s as text: %s", async (name, text) => {
    evil.answered = () => ({ code: undefined, error: 'server_error', [name]: text });
    const end = await flow.browser.visit((await flow.begin()).url);
    expect(end.status).toBe(400);
    expect(end.body.match(/<(script|img|svg|a|base)\b/g)).toEqual(['<script', '<script']); // its own two
    expect(end.body).toContain('&lt;');
    const outcome = await flow.outcome();
    expect(outcome).toMatchObject({ message_type: 'error', error_type: 'callback_err', error_desc: expect.stringContaining(text.slice(0, 20)) });
  });

  it('O-11 are not disturbed by unknown, repeated and empty parameters', async () => {
    const back = new URL((await flow.begin()).url);
    for (const [name, value] of [
      ['unknown', '1'],
      ['__proto__', 'x'],
      ['constructor[prototype]', 'x'],
      ['error_description', ''],
    ] as const)
      back.searchParams.append(name, value);
    expect((await flow.browser.visit(back.href)).status).toBe(200);
    const again = new PopupFlow(product, integration);
    const twice = new URL((await again.begin()).url);
    twice.searchParams.append('state', 'another');
    expect((await again.browser.visit(twice.href)).status).toBe(400);
  });
});
