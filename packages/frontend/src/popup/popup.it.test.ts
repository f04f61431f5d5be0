import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuthOptions, Nango, NangoOptions } from '../index.js';
import { launchBrowser, productPage } from '../test/browser.js';
import { FakeServer } from '../test/fake-server.js';

/** What the product's page keeps for the tests. */
interface ProductWindow {
  Nango: { Nango: new (options: NangoOptions) => Nango };
  client: Nango;
  outcomes: Promise<unknown>[];
  settled: unknown[];
  handle: Window;
}
declare const window: ProductWindow & typeof globalThis;

describe('the popup in a browser', () => {
  let server: FakeServer;
  let browser: { context: BrowserContext; close: () => Promise<void> };
  let page: Page;
  let script: { type: string; body: string };

  beforeAll(async () => {
    [browser, script] = await Promise.all([launchBrowser(), productPage()]);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    server = await FakeServer.start();
    server.pages.set('/product', script);
    page = await browser.context.newPage();
    page.setDefaultTimeout(15_000);
    await openProduct(server.otherSite);
  });
  afterEach(async () => {
    await Promise.all(browser.context.pages().map((open) => (open === browser.context.pages()[0] ? undefined : open.close())));
    await server.close();
  });

  /** The product lives on another site than the server, unless told otherwise. */
  const openProduct = async (site: string): Promise<void> => {
    await page.goto(`${site}/product`);
    await page.evaluate((host) => {
      window.client = new window.Nango.Nango({ host, connectSessionToken: 'token' });
      window.outcomes = [];
      window.settled = [];
      const { open } = window;
      window.open = (...given) => (window.handle = open.apply(window, given)!); // popups are allowed in tests
    }, server.url);
  };
  const authorize = (options: AuthOptions = {}): Promise<void> =>
    page.evaluate((given) => {
      const outcome = window.client.auth('tracker', given).catch((error: { type: string; message: string }) => ({ type: error.type, message: error.message }));
      window.outcomes.push(outcome);
      void outcome.then((value) => window.settled.push(value));
    }, options);
  const outcome = (index = 0): Promise<unknown> => page.evaluate((at) => window.outcomes[at], index);
  const popupOf = async (options: AuthOptions = {}): Promise<Page> => (await Promise.all([page.waitForEvent('popup'), authorize(options)]))[0];
  const atProvider = async (options: AuthOptions = {}): Promise<Page> => {
    const popup = await popupOf(options);
    await popup.waitForURL(/\/provider/);
    return popup;
  };
  const choose = (popup: Page, choice: 'allow' | 'deny'): Promise<void> => popup.getByRole('link', { name: choice }).click({ noWaitAfter: true });
  const success = { providerConfigKey: 'tracker', connectionId: expect.stringMatching(/^of-/), isPending: false, ok: true };
  const expectCleanUp = async (popup: Page): Promise<void> => {
    await expect.poll(() => popup.isClosed()).toBe(true);
    await expect.poll(() => server.openSockets).toBe(0);
  };

  it('makes a connection, and leaves neither popup nor socket', async () => {
    const popup = await atProvider();
    await choose(popup, 'allow');
    expect(await outcome()).toEqual(success);
    await expectCleanUp(popup);
  });

  it('opens a popup of the given size in the middle, with everything in its address', async () => {
    const credentials = { oauth_client_id_override: 'id', oauth_client_secret_override: 'secret' };
    const popup = await atProvider({ params: { subdomain: 'acme' }, user_scope: ['a', 'b'], authorization_params: { prompt: undefined }, credentials });
    expect(await popup.evaluate(() => [window.innerWidth, window.innerHeight])).toEqual([500, 600]);
    const request = server.requests.find(({ path }) => path === '/oauth/connect/tracker');
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      connect_session_token: 'token',
      'params[subdomain]': 'acme',
      user_scope: 'a,b',
      'authorization_params[prompt]': 'undefined',
      'credentials[oauth_client_id_override]': 'id',
      'credentials[oauth_client_secret_override]': 'secret',
      ws_client_id: [...server.sessions.keys()].at(0),
    });
  });

  it('rejects with the server’s type when the end user refuses', async () => {
    const popup = await atProvider();
    await choose(popup, 'deny');
    expect(await outcome()).toEqual({ type: 'callback_err', message: 'access_denied' });
    await expectCleanUp(popup);
  });

  it('reports soon that the popup was closed before it left', async () => {
    server.holdsConnect = true;
    const popup = await popupOf({ detectClosedAuthWindow: true });
    await expect.poll(() => server.requests.some(({ path }) => path.startsWith('/oauth/connect/'))).toBe(true);
    await popup.close();
    const closedAt = Date.now();
    expect(await outcome()).toMatchObject({ type: 'window_closed' });
    // The second that is promised is measured in `session-watch.test.ts`, where the machine's speed does not count.
    expect(Date.now() - closedAt).toBeLessThan(3000);
    await expectCleanUp(popup);
  });

  it('waits a minute for a result when the popup was closed at the provider', async () => {
    await page.clock.install();
    const popup = await atProvider({ detectClosedAuthWindow: true });
    await popup.close();
    await page.clock.runFor(55_000);
    expect(await page.evaluate(() => window.settled)).toEqual([]);
    await page.clock.runFor(6000);
    expect(await outcome()).toMatchObject({ type: 'window_closed' });
    await expectCleanUp(popup);
  });

  it('finishes although the provider’s opener policy makes the open popup read closed', async () => {
    server.openerPolicy = 'same-origin';
    const popup = await atProvider({ detectClosedAuthWindow: true });
    await page.waitForFunction(() => window.handle.closed);
    const polls = server.polls();
    await expect.poll(() => server.polls(), { timeout: 5000 }).toBeGreaterThan(polls + 2);
    server.dropSockets();
    await choose(popup, 'allow');
    expect(await outcome()).toEqual(success);
  });

  it('gets the result by polling when the socket is dropped', async () => {
    const popup = await atProvider();
    server.dropSockets();
    await expect.poll(() => server.openSockets).toBe(0);
    await choose(popup, 'allow');
    expect(await outcome()).toEqual(success);
    await expectCleanUp(popup);
    expect(server.polls()).toBeGreaterThan(0);
  });

  it('hears the result from a callback page on its own origin when socket and polls fail', async () => {
    await openProduct(server.url);
    server.sessionRoute = 'broken';
    const popup = await atProvider();
    server.dropSockets();
    await choose(popup, 'allow');
    expect(await outcome()).toEqual(success);
    await expectCleanUp(popup);
  });

  it('needs nothing but the socket, as servers of old have it', async () => {
    server.sessionRoute = 'missing';
    const popup = await atProvider({ detectClosedAuthWindow: true });
    await expect.poll(() => server.polls(), { timeout: 5000 }).toBe(1);
    await choose(popup, 'allow');
    expect(await outcome()).toEqual(success);
    await expectCleanUp(popup);
  });

  it('finishes in a webview whose handle always reads closed', async () => {
    await page.evaluate(() => {
      const { open } = window;
      // A webview's handle: it can be navigated and says nothing true.
      window.open = (...given) => ({ closed: true, location: open.apply(window, given)!.location, close: () => undefined }) as Window;
    });
    const popup = await atProvider({ detectClosedAuthWindow: true });
    server.dropSockets();
    await choose(popup, 'allow');
    expect(await outcome()).toEqual(success);
  });

  it.each(['null', '{}'])('rejects when the browser answers window.open with %s', async (answer) => {
    await page.evaluate((text) => {
      window.open = () => JSON.parse(text) as null;
    }, answer);
    await authorize();
    expect(await outcome()).toMatchObject({ type: 'blocked_by_browser' });
    expect(server.sessions.size).toBe(0);
  });

  it('opens the popup before anything asynchronous', async () => {
    const opened = await page.evaluate(() => {
      void window.client.auth('tracker').catch(() => undefined);
      return !!window.handle;
    });
    expect(opened).toBe(true);
  });

  it('closes the popup when the server’s socket cannot be reached', async () => {
    await page.evaluate(() => {
      window.client = new window.Nango.Nango({ host: 'http://127.0.0.1:1', publicKey: 'public' });
    });
    const popup = await popupOf();
    expect(await outcome()).toMatchObject({ type: 'unknown_error' });
    await expectCleanUp(popup);
  });

  it('keeps two flows at once apart', async () => {
    const first = await atProvider();
    const second = await atProvider();
    await choose(second, 'deny');
    expect(await outcome(1)).toMatchObject({ type: 'callback_err' });
    expect(first.isClosed()).toBe(false);
    await choose(first, 'allow');
    expect(await outcome(0)).toEqual(success);
    await expectCleanUp(first);
  });

  it('closes everything that is open with clear()', async () => {
    const popups = [await atProvider(), await atProvider()];
    await page.evaluate(() => window.client.clear());
    expect([await outcome(0), await outcome(1)]).toMatchObject([{ type: 'window_closed' }, { type: 'window_closed' }]);
    await Promise.all(popups.map((popup) => expectCleanUp(popup)));
  });
});
