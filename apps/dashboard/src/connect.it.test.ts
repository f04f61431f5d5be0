import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { Product, sharedStack } from 'stack/testing';
import type { TestStack } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDashboardBrowser, type DashboardBrowser } from './test/dashboard-browser.js';

describe('connecting from the dashboard, in a browser', () => {
  let stack: TestStack;
  let api: Server;
  let product: Product;
  let integration: string;
  let browser: DashboardBrowser;
  let page: Page;

  beforeAll(async () => {
    stack = await sharedStack();
    api = createServer((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
    await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
    product = new Product(stack, `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
    integration = await product.integration();
    browser = await aDashboardBrowser(stack);
    page = browser.page;
    await browser.signIn();
  });
  afterAll(async () => {
    await browser?.close();
    api?.close();
  });

  const credentialOf = async (id: string): Promise<unknown> =>
    ((await product.must('GET', `/connection/${id}?provider_config_key=${integration}`)) as { credentials: unknown }).credentials;
  const fillHostedPage = async (key: string): Promise<void> => {
    const hosted = page.frameLocator('iframe#connect-ui');
    await hosted.getByLabel('Base URL').fill('https://api.example.com');
    await hosted.getByLabel('Token').fill(key);
    await hosted.getByRole('button', { name: /^(Connect|Reconnect)$/ }).click();
    await hosted.getByRole('heading', { name: /connected/ }).waitFor();
  };
  const closeHostedPage = async (): Promise<void> => {
    await page
      .frameLocator('iframe#connect-ui')
      .getByRole('button', { name: /Done|Close|Finish/ })
      .first()
      .click();
    await page.locator('iframe#connect-ui').waitFor({ state: 'detached' });
  };

  let connectionId = '';

  it('makes a connection through the hosted page, and opens it', async () => {
    await browser.open('/dev/connections');
    await page.getByRole('button', { name: 'New connection' }).click();
    expect(await page.getByLabel('End user id').inputValue()).toBe(stack.dashboard.email);
    await page.getByLabel('Integration').selectOption(integration);
    await page.getByLabel('Display name').fill('Ada');
    await browser.picture('new-connection');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await fillHostedPage('first-key');
    await browser.picture('hosted-page');
    await closeHostedPage();
    await page.waitForURL(/\/dev\/connections\/\d+$/);
    await browser.shows('Ada');
    await browser.picture('connection');
    connectionId = (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
    expect(await credentialOf(connectionId)).toEqual({ type: 'API_KEY', apiKey: 'first-key' });
  });

  it('reconnects: the same connection has another credential', async () => {
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await fillHostedPage('second-key');
    await closeHostedPage();
    await browser.shows(`${connectionId} is reconnected.`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(connectionId);
    expect(await credentialOf(connectionId)).toEqual({ type: 'API_KEY', apiKey: 'second-key' });
  });

  it('says what became of the access when a connection is deleted', async () => {
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(/\/dev\/connections$/);
    await browser.shows(/is deleted\. The provider offers no way to revoke access/);
    expect((await product.call('GET', `/connection/${connectionId}?provider_config_key=${integration}`)).status).toBe(404);
  });

  it('imports a credential, after the server has said at its field what is wrong', async () => {
    await page.getByRole('button', { name: 'New connection' }).click();
    await page.getByRole('tab', { name: 'Import a credential' }).click();
    await page.getByLabel('Integration').selectOption(integration);
    await page.getByLabel('Connection id').fill('imported');
    await page.getByLabel('Token').fill('imported-key ');
    await page.getByLabel('Base URL').fill('no-url');
    await page.getByRole('button', { name: 'Import' }).click();
    await browser.shows(/must be a URL that begins with https/);
    expect(await page.getByLabel('Base URL').getAttribute('aria-invalid')).toBe('true');
    await browser.picture('import');
    await page.getByLabel('Base URL').fill('https://api.example.com');
    await page.getByRole('button', { name: 'Import' }).click();
    await page.getByRole('heading', { name: 'imported' }).waitFor();
    expect(await credentialOf('imported')).toEqual({ type: 'API_KEY', apiKey: 'imported-key' });
  });

  it('connects with OAuth: the popup opens from the hosted page, and the connection has a token', async () => {
    const tracker = `tracker-${randomUUID().slice(0, 8)}`;
    const credentials = { type: 'OAUTH2', client_id: 'demo-client', client_secret: 'demo-secret', scopes: 'issues' };
    await product.must('POST', '/integrations', { body: { unique_key: tracker, provider: 'demo-tracker-oauth', credentials } });
    await browser.open('/dev/connections');
    await page.getByRole('button', { name: 'New connection' }).click();
    await page.getByLabel('Integration').selectOption(tracker);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    const hosted = page.frameLocator('iframe#connect-ui');
    await hosted.getByLabel('Base URL').fill(stack.simulatorUrl);
    const [popup] = await Promise.all([page.waitForEvent('popup'), hosted.getByRole('button', { name: 'Connect', exact: true }).click()]);
    await popup.locator('#allow').click();
    await hosted.getByRole('heading', { name: /connected/ }).waitFor();
    await closeHostedPage();
    await page.waitForURL(/\/dev\/connections\/\d+$/);
    await browser.shows('OAUTH2');
    await browser.picture('oauth-connection');
    const made = (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
    expect(await product.must('GET', `/connection/${made}?provider_config_key=${tracker}`)).toMatchObject({
      credentials: { type: 'OAUTH2', access_token: expect.any(String) },
    });
  });
});
