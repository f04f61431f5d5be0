import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Nango } from '@nangohq/node';
import type { BrowserContext, FrameLocator, Page } from 'playwright-core';
import { Product, sharedStack } from 'stack/testing';
import type { TestStack } from 'stack/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, takePicture } from './test/browser.js';
import { aProductPage } from './test/product-page.js';

const endUser = { id: 'user-1', email: 'ada@example.com', display_name: 'Ada' };

describe('the connect page in a browser', () => {
  let stack: TestStack;
  let product: Product;
  let nango: Nango;
  /** The server and the page as the server names them: the page speaks to no other address. */
  let host: string;
  let connectUrl: string;
  let bearer: string;
  let basic: string;
  let oauth: string;
  let browser: { context: BrowserContext; close: () => Promise<void> };
  let page: Page;

  beforeAll(async () => {
    stack = await sharedStack();
    product = new Product(stack, 'http://127.0.0.1:1');
    nango = new Nango({ host: stack.serverUrl, secretKey: stack.secretKey });
    ({ connectUrl } = (await (await fetch(`${stack.serverUrl}/connect/config`)).json()) as { connectUrl: string });
    host = stack.serverUrl.replace('127.0.0.1', new URL(connectUrl).hostname);
    [bearer, basic, oauth] = [await product.integration(), await product.integration('private-api-basic'), await product.integration('github')];
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    page = await browser.context.newPage();
    page.setDefaultTimeout(15_000);
    return () => page.close();
  });

  const aSession = async (allowed: string[], more: object = {}) =>
    (await nango.createConnectSession({ end_user: endUser, allowed_integrations: allowed, ...more })).data;
  const openLink = async (allowed: string[], more: object = {}): Promise<void> => void (await page.goto((await aSession(allowed, more)).connect_link));
  const shows = async (heading: string | RegExp, where: Page | FrameLocator = page): Promise<void> => {
    await where.getByRole('heading', { name: heading }).waitFor();
    expect(await where.getByRole('heading', { name: heading }).isVisible()).toBe(true);
  };
  const picture = (name: string): Promise<void> => takePicture(page, name);
  const connectionsOf = async (integration: string) =>
    (await nango.listConnections({ integrationId: integration })).connections as { connection_id: string; end_user: unknown; tags: unknown }[];

  it('takes an API key and makes a connection of the end user’s', async () => {
    await openLink([bearer], { organization: { id: 'org-1', display_name: 'Org' }, tags: { plan: 'free' } });
    await shows(/^Connect Private API/);
    await page.getByLabel('Base URL').fill('https://api.example.com');
    await page.getByLabel('Token').fill('pasted-key');
    await picture('form');
    await page.getByRole('button', { name: 'Connect' }).click();
    await shows(/is connected$/);
    await picture('done');
    const [made, ...others] = await connectionsOf(bearer);
    expect(others).toEqual([]);
    expect(made).toMatchObject({ end_user: { ...endUser, organization: { id: 'org-1', display_name: 'Org' } }, tags: { plan: 'free' } });
    const { credentials, connection_config } = await nango.getConnection(bearer, made?.connection_id ?? '');
    expect({ credentials, connection_config }).toEqual({
      credentials: { type: 'API_KEY', apiKey: 'pasted-key' },
      connection_config: { baseUrl: 'https://api.example.com' },
    });
  });

  it('does not ask for what the product has decided, and demands the key', async () => {
    await openLink([bearer], { integrations_config_defaults: { [bearer]: { connection_config: { baseUrl: 'https://decided.example.com' } } } });
    await page.getByLabel('Token').waitFor();
    expect(await page.getByLabel('Base URL').count()).toBe(0);
    await page.getByRole('button', { name: 'Connect' }).click();
    await shows(/^Connect Private API/);
    expect(await page.locator('input:invalid').count()).toBe(1);
  });

  it('lists what the session is for, and takes a user name and a password', async () => {
    await openLink([basic, oauth]);
    await shows('Connect an account');
    await picture('list');
    expect(await page.getByRole('listitem').count()).toBe(2);
    await page.getByRole('button', { name: 'Private API' }).click();
    await page.getByLabel('User name').fill('ada');
    await page.getByLabel('Password').fill('secret');
    await page.getByRole('button', { name: 'Connect' }).click();
    await shows(/is connected$/);
    expect(await connectionsOf(basic)).toMatchObject([{ end_user: endUser }]);
  });

  it('offers to sign in on the provider’s own pages', async () => {
    await openLink([basic, oauth]);
    await page.getByRole('button', { name: 'GitHub' }).click();
    await shows('Connect GitHub');
    await page.getByText('A new window opens').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await shows('Connect an account');
  });

  it('gives a connection a new credential and leaves its address', async () => {
    const connectionId = await product.connection(bearer);
    const { data } = await nango.createReconnectSession({ connection_id: connectionId, integration_id: bearer });
    await page.goto(data.connect_link);
    await shows(/^Reconnect Private API/);
    await page.getByLabel('Token').fill('second-key');
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await shows(/is connected$/);
    const connection = await nango.getConnection(bearer, connectionId);
    expect(connection).toMatchObject({ credentials: { apiKey: 'second-key' }, connection_config: { baseUrl: product.apiUrl } });
  });

  it('tells what the server refuses, and keeps what was typed', async () => {
    const doomed = await product.integration();
    await openLink([doomed]);
    await page.getByLabel('Token').fill('kept');
    await product.must('DELETE', `/integrations/${doomed}`);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByRole('alert').waitFor();
    await picture('refused');
    expect(await page.getByLabel('Token').inputValue()).toBe('kept');
  });

  it('says that a session has ended when it was used, and that a link without one is incomplete', async () => {
    const { connect_link, token } = await aSession([bearer]);
    await page.goto(connect_link);
    await page.getByLabel('Token').fill('late');
    await fetch(`${stack.serverUrl}/connect/session`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    await page.getByRole('button', { name: 'Connect' }).click();
    await shows('This session has ended');
    await picture('ended');
    await page.goto(`${stack.serverUrl}/connect-ui/`);
    await shows('This link is incomplete');
  });

  it('asks no server that somebody else’s link names', async () => {
    const asked: string[] = [];
    const thief = createServer((request, response) => {
      asked.push(String(request.url));
      response.writeHead(200, { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' }).end('{}');
    });
    await new Promise<void>((resolve) => void thief.listen(0, '127.0.0.1', resolve));
    try {
      const { token } = await aSession([bearer]);
      const { port } = thief.address() as AddressInfo;
      await page.goto(`${connectUrl}/?session_token=${token}&apiURL=${encodeURIComponent(`http://127.0.0.1:${port}`)}`);
      await shows('The server cannot be reached');
      await picture('failed');
      expect(asked).toEqual([]);
    } finally {
      thief.close();
    }
  });

  it('is dark where the address says so', async () => {
    const { connect_link } = await aSession([bearer]);
    const background = async (theme: string): Promise<string> => {
      await page.goto(`${connect_link}&theme=${theme}`);
      await shows(/^Connect Private API/);
      await picture(theme);
      return page.locator('section').evaluate((section) => getComputedStyle(section).backgroundColor);
    };
    expect([await background('light'), await background('dark')]).toEqual(['rgb(255, 255, 255)', 'rgb(22, 25, 32)']);
  });

  describe.each(['own', 'published'] as const)('in a frame, opened with the %s client', (client) => {
    let shop: Awaited<ReturnType<typeof aProductPage>>;
    beforeAll(async () => {
      shop = await aProductPage(client);
    });
    afterAll(() => shop?.close());

    const openFrame = async (): Promise<FrameLocator> => {
      const { token } = await aSession([bearer]);
      await page.goto(shop.url({ host, connectUrl, token }));
      await page.getByRole('button', { name: 'Connect' }).click();
      return page.frameLocator('#connect-ui');
    };
    const events = async (): Promise<unknown[]> => (await page.getByRole('listitem').allTextContents()).map((text) => JSON.parse(text));
    const isGone = (): Promise<void> => page.locator('#connect-ui').waitFor({ state: 'detached' });

    it('makes a connection and tells the page', async () => {
      const frame = await openFrame();
      await shows(/^Connect Private API/, frame);
      await frame.getByLabel('Token').fill('from-a-frame');
      await picture(`frame-${client}`);
      await frame.getByRole('button', { name: 'Connect' }).click();
      await shows(/is connected$/, frame);
      await frame.getByRole('button', { name: 'Done' }).click();
      await isGone();
      const heard = await events();
      expect(heard).toMatchObject([{ type: 'ready' }, { type: 'connect', payload: { providerConfigKey: bearer } }, { type: 'close' }]);
      const { connectionId } = (heard[1] as { payload: { connectionId: string } }).payload;
      expect(await nango.getConnection(bearer, connectionId)).toMatchObject({ end_user: endUser, credentials: { apiKey: 'from-a-frame' } });
    });

    it('closes at the end user’s wish', async () => {
      const frame = await openFrame();
      await frame.getByRole('button', { name: 'Close' }).click();
      await isGone();
      expect((await events()).at(-1)).toMatchObject({ type: 'close' });
    });

    it('tells the page what went wrong', async () => {
      await page.goto(shop.url({ host, connectUrl, token: `nango_connect_session_${'0'.repeat(64)}` }));
      await page.getByRole('button', { name: 'Connect' }).click();
      await shows('This session has ended', page.frameLocator('#connect-ui'));
      expect(await events()).toContainEqual({ type: 'error', payload: { errorType: 'unknown_connect_session_token', errorMessage: expect.any(String) } });
    });
  });
});
