import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectUI, ConnectUIEvent, ConnectUIOptions, Nango, NangoOptions } from './index.js';
import { launchBrowser, productPage } from './test/browser.js';
import { FakeServer } from './test/fake-server.js';

declare const window: {
  Nango: { Nango: new (options: NangoOptions) => Nango };
  page: ConnectUI;
  heard: ConnectUIEvent[];
} & typeof globalThis;

// Shows what it is sent; a button for each event.
const hostedPage = `<!doctype html><title>Connect</title><button>connect</button><button>error</button><button>close</button><output></output><script>
  const payloads = { connect: { providerConfigKey: 'api', connectionId: 'made' }, error: { errorType: 'window_closed', errorMessage: 'Closed' } };
  addEventListener('message', ({ data }) => (document.querySelector('output').textContent += data.type + ':' + data.sessionToken + ' '));
  addEventListener('click', ({ target }) => parent.postMessage({ type: target.textContent, payload: payloads[target.textContent] }, '*'));
  parent.postMessage({ type: 'ready' }, '*');
</script>`;

describe('the hosted page in a frame', () => {
  let server: FakeServer;
  let hosted: FakeServer;
  let browser: { context: BrowserContext; close: () => Promise<void> };
  let page: Page;
  let product: { type: string; body: string };

  beforeAll(async () => {
    [browser, product] = await Promise.all([launchBrowser(), productPage()]);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    [server, hosted] = await Promise.all([FakeServer.start(), FakeServer.start()]);
    server.pages.set('/product', product);
    hosted.pages.set('/', { type: 'text/html', body: hostedPage });
    page = await browser.context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${server.otherSite}/product`);
  });
  afterEach(async () => {
    await page.close();
    await Promise.all([server.close(), hosted.close()]);
  });

  const open = (options: ConnectUIOptions): Promise<void> =>
    page.evaluate(
      ({ host, given }) => {
        window.heard = [];
        const onEvent = (event: ConnectUIEvent): void => void window.heard.push(event);
        window.page = new window.Nango.Nango({ host }).openConnectUI({ ...given, onEvent });
      },
      { host: server.url, given: options },
    );
  const frame = () => page.frameLocator('#connect-ui');
  const received = (): Promise<string | null> => frame().locator('output').textContent();
  const heard = (): Promise<string[]> => page.evaluate(() => window.heard.map(({ type }) => type));
  const pageQuery = () => hosted.requests.find(({ path }) => path === '/')?.query;

  it('gets the session token at the given base URL, with the options as parameters', async () => {
    await open({ sessionToken: 'secret', baseURL: hosted.url, detectClosedAuthWindow: true, lang: 'de', themeOverride: 'dark' });
    await expect.poll(received).toBe('session_token:secret ');
    expect(Object.fromEntries(pageQuery() ?? [])).toEqual({ apiURL: server.url, detectClosedAuthWindow: 'true', lang: 'de', theme: 'dark' });
    expect(server.requests.map(({ path }) => path)).not.toContain('/connect/config');
  });

  it('is opened where the server says', async () => {
    server.connectUrl = hosted.url;
    await open({ sessionToken: 'secret' });
    await expect.poll(received).toBe('session_token:secret ');
    expect(pageQuery()).toEqual([['apiURL', server.url]]);
  });

  it('is opened below the server where the server does not say', async () => {
    server.pages.set('/connect-ui/', { type: 'text/html', body: hostedPage });
    await open({ sessionToken: 'secret' });
    await expect.poll(received).toBe('session_token:secret ');
  });

  it('gets a token that comes later', async () => {
    await open({ baseURL: hosted.url });
    await expect.poll(heard).toEqual(['ready']);
    await page.evaluate(() => window.page.setSessionToken('late'));
    await expect.poll(received).toBe('session_token:late ');
  });

  it('tells the product what happened, and closes at the end user’s wish', async () => {
    await open({ sessionToken: 'secret', baseURL: hosted.url });
    for (const name of ['connect', 'error', 'close']) await frame().getByRole('button', { name }).click();
    await page.locator('#connect-ui').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => window.heard)).toEqual([
      { type: 'ready' },
      { type: 'connect', payload: { providerConfigKey: 'api', connectionId: 'made' } },
      { type: 'error', payload: { errorType: 'window_closed', errorMessage: 'Closed' } },
      { type: 'close' },
    ]);
  });

  it('can be closed and opened again by the product, in one frame only', async () => {
    await open({ sessionToken: 'secret', baseURL: hosted.url });
    await expect.poll(heard).toEqual(['ready']);
    await page.evaluate(() => window.page.close());
    expect(await page.locator('iframe').count()).toBe(0);
    await page.evaluate(() => [window.page.open(), window.page.open()]);
    await expect.poll(received).toBe('session_token:secret ');
    expect(await page.locator('iframe').count()).toBe(1);
  });

  it('gives the session token to no other origin that the frame is led to', async () => {
    const leads = `<!doctype html><script>location.replace('${hosted.otherSite}/')</script>`;
    hosted.pages.set('/trap/', { type: 'text/html', body: leads });
    await open({ sessionToken: 'secret', baseURL: `${hosted.url}/trap` });
    await frame().getByRole('button', { name: 'close' }).click();
    // The click's message comes after that of `ready`: both were ignored.
    await page.evaluate(() => window.page.setSessionToken('again'));
    await frame().getByRole('button', { name: 'error' }).click();
    expect([await received(), await heard()]).toEqual(['', []]);
  });
});
