import { randomUUID } from 'node:crypto';
import { Nango as NodeClient } from '@nangohq/node';
import type { BrowserContext, FrameLocator, Page } from 'playwright-core';
import {
  type AuthorizationServer,
  anAuthorizationServer,
  callbackUrlOf,
  oauthIntegration,
  Product,
  sharedStack,
  testClientSecret,
  type TestStack,
} from 'stack/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, takePicture } from './test/browser.js';
import { aProductPage, type Client } from './test/product-page.js';

type Outcome = { resolved?: { providerConfigKey: string; connectionId: string }; type?: string; message?: string };

describe.each<Client>(['own', 'published', 'published-058'])('an end user of a product with the %s client', (client) => {
  let stack: TestStack;
  let product: Product;
  let nango: NodeClient;
  let shop: Awaited<ReturnType<typeof aProductPage>>;
  let browser: { context: BrowserContext; close: () => Promise<void> };
  let page: Page;
  let provider: AuthorizationServer;
  let app: string;
  let host: string;
  let connectUrl: string;

  beforeAll(async () => {
    stack = await sharedStack();
    product = new Product(stack, stack.simulatorUrl);
    nango = new NodeClient({ host: stack.serverUrl, secretKey: stack.secretKey });
    shop = await aProductPage(client);
    ({ connectUrl } = (await (await fetch(`${stack.serverUrl}/connect/config`)).json()) as { connectUrl: string });
    host = stack.serverUrl.replace('127.0.0.1', new URL(connectUrl).hostname);
    provider = await anAuthorizationServer({ redirectUris: [callbackUrlOf(stack.serverUrl)] });
    app = await anApp(testClientSecret);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    shop?.close();
    await browser?.close();
    await provider?.close();
  });
  beforeEach(async () => {
    await browser.context.clearCookies(); // the provider remembers who has consented
    page = await browser.context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(shop.url({}));
    return () => page.close();
  });

  async function anIntegration(provider: string, more: object = {}): Promise<string> {
    const key = `popup-${randomUUID().slice(0, 8)}`;
    await product.must('POST', '/integrations', { body: { unique_key: key, provider, ...more } });
    return key;
  }
  const anApp = (client_secret: string): Promise<string> =>
    oauthIntegration(product, provider.integrationConfig(), { app: { client_id: 'body', client_secret, scopes: 'openid,offline_access,read' } });
  const aToken = async (body: object = {}, path = '/connect/sessions'): Promise<string> =>
    ((await product.must('POST', path, { body: { end_user: { id: 'user-1' }, ...body } })) as { data: { token: string } }).data.token;

  /** Calls a method of the client in the page, as a click would. */
  const call = (connectSessionToken: string, method: 'auth' | 'reconnect' | 'create', ...args: unknown[]): Promise<Outcome> =>
    page.evaluate(
      async ({ host, connectSessionToken, method, args }) => {
        const { Nango } = window as unknown as { Nango: new (options: object) => Record<string, (...args: unknown[]) => Promise<Outcome['resolved']>> }; // set by the page
        const started = new Nango({ host, connectSessionToken })[method]?.(...args);
        return started?.then(
          (resolved) => (resolved ? { resolved } : {}),
          ({ type, message }: { type: string; message: string }) => ({ type, message }),
        ) as Promise<Outcome>;
      },
      { host, connectSessionToken, method, args },
    );
  /** The popup that a call opens, on the provider's consent page. */
  const popup = async (): Promise<Page> => {
    const opened = await page.waitForEvent('popup');
    opened.setDefaultTimeout(15_000);
    await opened.waitForURL(/\/interaction\//);
    return opened;
  };

  const allowAndSeeItClose = async (): Promise<void> => {
    const opened = await popup();
    await takePicture(opened, `provider-${client}`);
    await Promise.all([opened.waitForEvent('close'), opened.locator('#allow').click()]);
  };
  /**
   * Closes the popup of a call before the browser has left for the provider: after that our own client waits for a minute, since a page may
   * have severed the handle.
   */
  const whileClosed = async (started: () => Promise<Outcome>): Promise<Outcome> => {
    const connect = /\/oauth\/connect\//;
    const kept = Promise.withResolvers<void>();
    await browser.context.route(connect, (route) => route.abort().then(kept.resolve));
    const closed = page.waitForEvent('popup').then((opened) => kept.promise.then(() => opened.close()));
    const [outcome] = await Promise.all([started(), closed]).finally(() => browser.context.unroute(connect));
    return outcome;
  };

  it('connects by OAuth 2 in a popup, which closes', async () => {
    const [outcome] = await Promise.all([aToken().then((token) => call(token, 'auth', app)), allowAndSeeItClose()]);
    expect(outcome).toMatchObject({ resolved: { providerConfigKey: app, connectionId: expect.any(String) } });
    expect(await nango.getConnection(app, outcome.resolved?.connectionId ?? '')).toMatchObject({
      credentials: { type: 'OAUTH2' },
      end_user: { id: 'user-1' },
    });
  });

  it('is told that they refused', async () => {
    const [outcome] = await Promise.all([aToken().then((token) => call(token, 'auth', app)), popup().then((opened) => opened.locator('#deny').click())]);
    expect(outcome).toMatchObject({ type: 'callback_err', message: expect.stringContaining('access_denied') });
  });

  it('is told what the provider said when it gives no token', async () => {
    const wrong = await anApp('another-secret');
    const [outcome] = await Promise.all([aToken().then((token) => call(token, 'auth', wrong)), popup().then((opened) => opened.locator('#allow').click())]);
    expect(outcome).toMatchObject({ type: 'token_err', message: expect.stringContaining('invalid_client') });
  });

  it('is told at once that an integration is not there', async () => {
    expect(await call(await aToken(), 'auth', 'nothing')).toMatchObject({ type: 'unknown_config_key' });
  });

  it('may close the popup', async () => {
    const token = await aToken();
    const outcome = await whileClosed(() => call(token, 'auth', app, { detectClosedAuthWindow: true }));
    // Older releases spell it in camel case.
    expect(outcome.type).toMatch(/^window(_c|C)losed$/);
  });

  it('connects with an API key, a user name and password, or a client of their own', async () => {
    const [key, basic] = [await anIntegration('private-api-bearer'), await anIntegration('private-api-basic')];
    const machine = await anIntegration('private-api-oauth2-cc', {
      integration_config: { baseUrl: stack.simulatorUrl, tokenUrl: `${stack.simulatorUrl}/oauth/token` },
    });
    expect(await call(await aToken(), 'auth', key, { credentials: { apiKey: 'k' } })).toMatchObject({ resolved: { providerConfigKey: key } });
    expect(await call(await aToken(), 'auth', basic, { credentials: { username: 'u', password: 'p' } })).toMatchObject({
      resolved: { providerConfigKey: basic },
    });
    const credentials = { client_id: 'demo-client', client_secret: 'demo-secret', type: 'OAUTH2_CC' };
    const made = await call(await aToken(), 'auth', machine, { credentials });
    expect(made).toMatchObject({ resolved: { providerConfigKey: machine } });
    const headers = { 'connection-id': made.resolved?.connectionId ?? '', 'provider-config-key': machine };
    expect(await product.call('GET', '/proxy/api/me', { headers })).toMatchObject({ status: 200, body: { name: 'Ada' } });
    expect(await call(await aToken(), 'auth', machine, { credentials: { ...credentials, client_secret: 'wrong' } })).toHaveProperty('type');
  });

  it('connects again, and keeps id and metadata', async () => {
    const allow = () => popup().then((opened) => opened.locator('#allow').click());
    const [first] = await Promise.all([aToken().then((token) => call(token, 'auth', app)), allow()]);
    const connectionId = first.resolved?.connectionId ?? '';
    await product.must('POST', '/connection/metadata', { body: { connection_id: connectionId, provider_config_key: app, metadata: { plan: 'pro' } } });
    const before = await nango.getConnection(app, connectionId);
    await browser.context.clearCookies();
    const token = await aToken({ connection_id: connectionId, integration_id: app }, '/connect/sessions/reconnect');
    const [again] = await Promise.all([call(token, 'reconnect', app, {}), allow()]);
    expect(again).toMatchObject({ resolved: { connectionId } });
    const after = await nango.getConnection(app, connectionId);
    expect(after).toMatchObject({ id: before.id, metadata: { plan: 'pro' } });
    expect(after.credentials).not.toEqual(before.credentials);
  });

  it('connects by OAuth 2 on the hosted page, in a frame of the product’s', async () => {
    const token = await aToken({ allowed_integrations: [app] });
    await page.goto(shop.url({ host, connectUrl, token }));
    await page.getByRole('button', { name: 'Connect' }).click();
    const frame: FrameLocator = page.frameLocator('#connect-ui');
    const [opened] = await Promise.all([
      page.waitForEvent('popup'),
      frame
        .getByRole('button', { name: /connect/i })
        .first()
        .click(),
    ]);
    await opened.waitForURL(/\/interaction\//);
    await opened.locator('#allow').click();
    await frame.getByRole('heading', { name: /is connected$/ }).waitFor();
    const events = (await page.getByRole('listitem').allTextContents()).map((text) => JSON.parse(text) as { type: string });
    expect(events).toContainEqual({ type: 'connect', payload: expect.objectContaining({ providerConfigKey: app }) });
  });
});
