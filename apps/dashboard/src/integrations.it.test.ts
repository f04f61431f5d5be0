import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { Product, sharedStack } from 'stack/testing';
import type { TestStack } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDashboardBrowser, type DashboardBrowser } from './test/dashboard-browser.js';

describe('setting up an integration in the dashboard, in a browser', () => {
  let stack: TestStack;
  let product: Product;
  let browser: DashboardBrowser;
  let page: Page;

  beforeAll(async () => {
    stack = await sharedStack();
    product = new Product(stack, 'http://127.0.0.1:1');
    browser = await aDashboardBrowser(stack);
    page = browser.page;
    await browser.signIn();
  });
  afterAll(() => browser?.close());

  const credentialsOf = async (key: string): Promise<unknown> =>
    ((await product.must('GET', `/integrations/${key}?include=credentials`)) as { data: { credentials: unknown } }).data.credentials;
  const pick = async (search: string, name: string): Promise<void> => {
    await browser.open('/dev/integrations');
    await page.getByRole('button', { name: 'New integration' }).click();
    await page.getByLabel('Search providers').fill(search);
    await page.getByRole('list', { name: 'Providers' }).getByRole('button', { name, exact: false }).first().click();
  };
  const saveSettings = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByRole('button', { name: 'Saved' }).waitFor();
  };

  const key = `github-${randomUUID().slice(0, 8)}`;

  it('finds a provider, shows the callback URL and takes the app', async () => {
    await browser.open('/dev/integrations');
    await page.getByRole('button', { name: 'New integration' }).click();
    await browser.picture('provider-picker');
    await pick('github', 'GitHub');
    await page.getByLabel('Integration key').fill(key);
    await browser.shows(/Give GitHub.* this callback URL/);
    expect(await page.getByLabel('Callback URL', { exact: true }).textContent()).toMatch(/\/oauth\/callback$/);
    await page.getByLabel('Client id').fill('the-client');
    await page.getByLabel('Client secret').fill('first-secret');
    await page.getByLabel('Scopes').fill('repo');
    await browser.picture('new-integration');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.waitForURL(`**/dev/integrations/${key}`);
    expect(await credentialsOf(key)).toMatchObject({ client_id: 'the-client', client_secret: 'first-secret', scopes: 'repo' });
  });

  it('keeps the secret when the scopes change, and rotates it when a new one is entered', async () => {
    await page.getByLabel('Scopes').fill('repo,gist');
    await browser.picture('integration');
    await saveSettings();
    expect(await credentialsOf(key)).toMatchObject({ client_secret: 'first-secret', scopes: 'repo,gist' });
    await browser.open(`/dev/integrations/${key}`);
    await browser.shows(/the old one is tried for 7 days/);
    await page.getByLabel('Client secret').fill('second-secret');
    await saveSettings();
    await browser.shows(/The secret before it is tried until/);
    expect(await credentialsOf(key)).toMatchObject({ client_secret: 'second-secret' });
    expect(await page.getByLabel('Client secret').inputValue()).toBe('');
  });

  it('asks for what an API of the team’s own needs, and says at its field what is wrong', async () => {
    await pick('private api', 'OAuth 2.0)');
    const own = `own-${randomUUID().slice(0, 8)}`;
    await page.getByLabel('Integration key').fill(own);
    await page.getByLabel('Base URL').fill('https://api.example.com');
    await page.getByLabel('Authorization URL').fill('https://login.example.com/authorize');
    await page.getByLabel('Token URL').fill('no-url');
    await page.getByLabel('Client authentication').selectOption('basic');
    await page.getByLabel('Client id').fill('the-client');
    await page.getByLabel('Client secret').fill('the-secret');
    await page.getByRole('button', { name: 'Create' }).click();
    await browser.shows(/Token URL.* must be a URL that begins with https/);
    await browser.picture('private-api');
    await page.getByLabel('Token URL').fill('https://login.example.com/token');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.waitForURL(`**/dev/integrations/${own}`);
    expect(await page.getByLabel('Client authentication').inputValue()).toBe('basic');
  });

  it('shows a field only with the choice that it belongs to', async () => {
    await pick('signed token', 'Private API');
    await page.getByLabel('Kind of key').waitFor();
    expect(await page.getByLabel('Encoding of the secret').count()).toBe(0);
    await page.getByLabel('Kind of key').selectOption('HMAC');
    await page.getByLabel('Encoding of the secret').waitFor();
  });

  it('keeps how end users connect: callback URL, HMAC and its key, and how the page looks', async () => {
    await browser.open('/prod/environment-settings');
    const settings = (): Promise<unknown> => product.must('GET', '/environment/connect', { key: stack.prodSecretKey });
    await page.getByLabel('Callback URL', { exact: true }).fill('not a url');
    await page.getByRole('button', { name: 'Save callback URL' }).click();
    await page.getByRole('alert').first().waitFor();
    await page.getByLabel('Callback URL', { exact: true }).fill('https://own.example/{integrationKey}/back');
    await page.getByRole('button', { name: 'Save callback URL' }).click();
    await page.getByRole('button', { name: 'Saved' }).waitFor();
    await page.getByLabel('Require an HMAC').click();
    await expect.poll(settings).toMatchObject({ hmac_enabled: true, hmac_key: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await page.getByRole('button', { name: 'Generate a key' }).click();
    const generated = await page.getByLabel('HMAC key', { exact: true }).inputValue();
    await page.getByRole('button', { name: 'Save key' }).click();
    await page.getByLabel('The public key may reconnect').click();
    await expect.poll(settings).toMatchObject({ hmac_enabled: true, hmac_key: generated, public_key_may_reconnect: true });
    const primary = page.getByLabel('Buttons and links, light');
    await primary.fill('blue');
    await page.getByRole('button', { name: 'Save theme' }).click();
    await browser.shows(/must be a colour of the form/);
    await primary.fill('#0055aa');
    await page.getByLabel('Theme of the connect page').selectOption('light');
    await page.getByRole('button', { name: 'Save theme' }).click();
    await expect.poll(settings).toMatchObject({ connect_theme: { theme: 'light', colors: { light: { primary: '#0055aa' }, dark: {} } } });
    await browser.picture('environment');
    await product.must('PATCH', '/environment/connect', {
      key: stack.prodSecretKey,
      body: { hmac_enabled: false, hmac_key: null, public_key_may_reconnect: false, connect_theme: {} },
    });
    await product.must('PATCH', '/environment', { key: stack.prodSecretKey, body: { callback_url: null } });
  });
});
