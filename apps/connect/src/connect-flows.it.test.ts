import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from './test/browser.js';
import { DescribedServer } from './test/described-server.js';
import { bareProviders, providers } from './test/providers.js';

const pem = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----';
const issuer = '57246542-96fe-1a63-e053-0824d011072a';

/** What is typed for a mode whose entry says nothing, and what is sent for it. */
const pasted: Record<string, { typed: Record<string, string>; path: string; body: object; params?: Record<string, string> }> = {
  API_KEY: { typed: { 'API key': '\ufeff k\t' }, path: '/api-auth/api-key', body: { apiKey: 'k' } },
  BASIC: { typed: { Password: ' pass ' }, path: '/api-auth/basic', body: { username: '', password: ' pass ' } },
  OAUTH2_CC: { typed: { 'Client ID': 'a', 'Client secret': 'b' }, path: '/oauth2/auth', body: { client_id: 'a', client_secret: 'b' } },
  TBA: {
    typed: { 'Account ID': '1_SB1', 'Token ID': 'a', 'Token secret': 'b' },
    path: '/auth/tba',
    body: { token_id: 'a', token_secret: 'b' },
    params: { 'params[accountId]': '1_SB1' },
  },
  SIGNATURE: { typed: { 'User name': 'a', Password: 'b' }, path: '/auth/signature', body: { username: 'a', password: 'b' } },
  BILL: {
    typed: { 'User name': 'a', Password: 'b', 'Organization ID': 'c', 'Developer key': 'd' },
    path: '/auth/bill',
    body: { username: 'a', password: 'b', organization_id: 'c', dev_key: 'd' },
  },
  APP_STORE: {
    typed: { 'Issuer ID': issuer, 'Key ID': 'K1', 'Private key': `${pem}\n\n` },
    path: '/app-store-auth',
    body: { issuerId: issuer, privateKeyId: 'K1', privateKey: pem },
  },
  TABLEAU: { typed: { 'Token name': 'a', 'Token secret': 'b' }, path: '/auth/tableau', body: { pat_name: 'a', pat_secret: 'b' } },
  AWS_SIGV4: { typed: { 'Role ARN': 'arn:aws:iam::123456789012:role/r' }, path: '/auth/aws-sigv4', body: { role_arn: 'arn:aws:iam::123456789012:role/r' } },
  NONE: { typed: {}, path: '/auth/unauthenticated', body: {} },
};

describe('connecting on the page, against a described server', () => {
  let browser: { context: BrowserContext; close: () => Promise<void> };
  let server: DescribedServer;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    await browser.context.unrouteAll();
    server = new DescribedServer();
    await server.serve(browser.context);
    page = await browser.context.newPage();
    page.setDefaultTimeout(10_000);
    return () => page.close();
  });

  const shows = (name: string | RegExp) => page.getByRole('heading', { name }).waitFor();
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const popupFrom = async (button: string): Promise<Page> => {
    const [popup] = await Promise.all([page.waitForEvent('popup'), press(button)]);
    await popup.getByRole('heading', { name: 'Sign in' }).waitFor();
    return popup;
  };
  const openOnly = async (provider: DescribedServer['providers'][number], query: Record<string, string> = {}): Promise<void> => {
    server.providers = [provider];
    await page.goto(server.url(query));
    await shows(/^(Connect|Reconnect) /);
  };

  it.each(bareProviders.map((provider) => [provider.auth_mode, provider] as const))('sends what %s needs to its route', async (mode, provider) => {
    const { typed, path, body, params } = pasted[mode] ?? { typed: {}, path: '', body: {} };
    await openOnly(provider);
    for (const [label, value] of Object.entries(typed)) await page.getByLabel(label, { exact: true }).fill(value);
    await press('Connect');
    await shows(`${mode} is connected`);
    expect(server.requests[0]).toEqual({ path: `${path}/${provider.name}`, query: { connect_session_token: 'a-token', ...params }, body });
  });

  it('sends the fields that only the entry has, those that show, and its affixes once', async () => {
    await openOnly(providers.rich);
    expect(await page.getByLabel('Cluster').count()).toBe(0);
    await page.getByLabel('Region').selectOption('us');
    await page.getByLabel('Cluster').fill('c7');
    await page.getByLabel('Host').fill('https://api.example.com/v1/');
    await page.getByLabel('Email').fill('ada@example.com');
    await page.getByLabel('Key file').fill(pem);
    await press('Connect');
    await shows('Rich is connected');
    expect(server.requests[0]).toEqual({
      path: '/auth/two-step/rich',
      query: { connect_session_token: 'a-token', 'params[host]': 'api.example.com', 'params[region]': 'us', 'params[cluster]': 'c7' },
      body: { email: 'ada@example.com', pem },
    });
  });

  it('says at once what a value should look like, and stops saying so when it does', async () => {
    await openOnly(providers.shop);
    await page.getByLabel('Store').fill('Not a store');
    expect(await page.getByLabel('Store').getAttribute('aria-invalid')).toBe('false');
    await page.getByLabel('Store').blur();
    const problem = page.getByText('for example acme');
    await problem.waitFor();
    const described = await page.getByLabel('Store').getAttribute('aria-describedby');
    expect(described?.split(' ')).toEqual([await problem.locator('..').getAttribute('id'), 'config.subdomain.description']);
    await page.getByLabel('Store').fill('a-store');
    await problem.waitFor({ state: 'detached' });
  });

  it('opens the provider’s window with the values for its URLs, and ends when that ends', async () => {
    await openOnly(providers.shop);
    await page.getByLabel('Store').fill('https://acme.shop.example/admin');
    const popup = await popupFrom('Connect');
    expect(server.requests[0]).toMatchObject({ path: '/oauth/connect/shop', query: { connect_session_token: 'a-token', 'params[subdomain]': 'acme' } });
    await shows('Continue in the other window');
    server.finish({ message_type: 'success' });
    await shows('Shop is connected');
    expect(popup.isClosed()).toBe(true);
  });

  it('opens the window again, and goes back to what was typed', async () => {
    await openOnly(providers.shop);
    await page.getByLabel('Store').fill('acme');
    const first = await popupFrom('Connect');
    const second = await popupFrom('Open the window again');
    expect([first.isClosed(), second.isClosed()]).toEqual([true, false]);
    await press('Cancel');
    await shows('Connect Shop');
    expect([second.isClosed(), await page.getByLabel('Store').inputValue()]).toEqual([true, 'acme']);
  });

  it('tells that the window was closed, where it was asked to notice', async () => {
    await openOnly(providers.plain, { detectClosedAuthWindow: 'true' });
    const popup = await popupFrom('Connect');
    await browser.context.route('http://api.test/oauth/session/*', (route) =>
      route.fulfill({ headers: { 'access-control-allow-origin': '*' }, contentType: 'application/json', body: '{"status":"waiting"}' }),
    );
    await popup.close();
    await shows('The window was closed too early');
    await popupFrom('Try again');
    server.finish({ message_type: 'success', is_pending: true });
    await shows('Plain is waiting for approval');
    expect(server.requests.filter(({ path }) => path === '/oauth/connect/plain')).toHaveLength(2);
  });

  it('asks the server that the serving process names, where the address names none', async () => {
    server.providers = [providers.plain];
    server.injectedApiUrl = 'http://api.test/';
    await page.goto('http://connect.test/?session_token=a-token');
    await shows('Connect Plain');
    expect(await page.locator('img').getAttribute('src')).toBe('http://api.test/logos/plain.svg');
  });

  it('tells that the browser blocked the window', async () => {
    await page.addInitScript(() => void (globalThis.open = () => null));
    await openOnly(providers.plain);
    await press('Connect');
    await shows('The window was blocked');
    expect(await page.getByRole('status').textContent()).toContain('Allow pop-up windows');
  });

  it('asks for a new credential in a session that reconnects, and links to the part of the docs', async () => {
    server.session = { connection_id: 'c1', overrides: { key: { docs_connect: 'https://product.example.com/help' } } };
    await openOnly(providers.key);
    const links = await page.getByRole('link').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links).toEqual(['https://product.example.com/help#step-2']);
    await page.getByLabel('API key', { exact: true }).fill('k2');
    await press('Reconnect');
    await shows('Key is connected');
  });
});
