import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { Product, sharedStack } from 'stack/testing';
import type { TestStack } from 'stack/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { aDashboardBrowser, type DashboardBrowser } from './test/dashboard-browser.js';

describe('the dashboard in a browser', () => {
  let stack: TestStack;
  let api: Server;
  let holdAnswers = false;
  const held: (() => unknown)[] = [];
  let product: Product;
  let integration: string;
  let connectionId: string;
  let browser: DashboardBrowser;
  let page: Page;

  beforeAll(async () => {
    stack = await sharedStack();
    api = createServer((_request, response) => {
      const answer = (): unknown =>
        response
          .writeHead(200, { 'content-type': 'application/json', 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4321', 'x-ratelimit-reset': '1800' })
          .end(JSON.stringify([{ id: 'a' }, { id: 'b' }, { id: 'c' }]));
      if (holdAnswers) held.push(answer);
      else answer();
    });
    await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
    product = new Product(stack, `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
    integration = await product.integration();
    const js = `exports.default = async (nango) => { const { data } = await nango.get({ endpoint: '/all' }); await nango.batchSave(data, 'Letter'); await nango.log('saved the letters', { count: data.length }); }`;
    await product.deploy(integration, {
      name: 'letters',
      type: 'sync',
      models: ['Letter'],
      endpoints: [{ method: 'GET', path: '/letters' }],
      metadata: { description: 'Reads all letters' },
      js,
    });
    await product.deploy(integration, {
      name: 'post-letter',
      type: 'action',
      endpoints: [{ method: 'POST', path: '/letters' }],
      js: `exports.default = async () => 1`,
    });
    connectionId = await product.connection(integration);
    await product.ran(integration, connectionId, 'letters');
    browser = await aDashboardBrowser(stack);
    page = browser.page;
  });
  afterAll(async () => {
    await browser?.close();
    api?.close();
  });

  const open = (path: string): Promise<void> => browser.open(path);
  const shows = (text: string | RegExp): Promise<void> => browser.shows(text);

  it('asks for a sign-in, and refuses a wrong password', async () => {
    await open('/');
    await page.getByLabel('E-mail').fill(stack.dashboard.email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe(stack.dashboard.email);
  });

  it('lets the first user in and lists the integrations', async () => {
    await page.getByLabel('Password').fill(stack.dashboard.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Integrations' }).waitFor();
    await shows(integration);
  });

  it('shows the scripts of an integration with their endpoints', async () => {
    await page.getByText(integration).first().click();
    await shows('Reads all letters');
    await page.getByLabel('Copy the URL of GET /letters').waitFor();
    await page.getByLabel('Copy the URL of POST /letters').waitFor();
  });

  it('shows a connection with its sync, its records and its last run', async () => {
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByText(connectionId).click();
    await shows('3 Letter');
    await shows('success');
    await shows('+3');
  });

  it('pauses a sync and starts it again', async () => {
    await page.getByRole('button', { name: 'Pause letters' }).click();
    await page.getByRole('button', { name: 'Start letters' }).waitFor();
    await page.getByText('paused', { exact: true }).first().waitFor();
    expect((await product.status(integration, connectionId, 'letters'))?.status).toBe('PAUSED');
    await page.getByRole('button', { name: 'Start letters' }).click();
    await page.getByRole('button', { name: 'Pause letters' }).waitFor();
  });

  it('changes when a sync runs, and says what is wrong with a schedule', async () => {
    await page.getByRole('button', { name: 'More for letters' }).click();
    await page.getByRole('menuitem', { name: 'Change when it runs…' }).click();
    await page.getByLabel('Frequency').fill('cron 0 9 * * 1-5 Atlantis');
    await page.getByRole('button', { name: 'Save frequency' }).click();
    await shows(/'Atlantis' is no time zone/);
    await page.getByLabel('Frequency').fill('cron 0 9 * * 1-5 Europe/Berlin');
    await page.getByRole('button', { name: 'Save frequency' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await shows('cron 0 9 * * 1-5 Europe/Berlin');
  });

  it('empties the cache of a sync when that is confirmed', async () => {
    const questions: string[] = [];
    const choose = async (answer: boolean): Promise<void> => {
      page.once('dialog', (dialog) => {
        questions.push(dialog.message());
        void (answer ? dialog.accept() : dialog.dismiss());
      });
      await page.getByRole('button', { name: 'More for letters' }).click();
      await page.getByRole('menuitem', { name: 'Empty the cache and run' }).click();
    };
    const before = (await product.status(integration, connectionId, 'letters'))?.finishedAt ?? '';
    await choose(false);
    await choose(true);
    await product.ran(integration, connectionId, 'letters', { after: new Date(before) });
    expect(questions).toEqual(Array.from({ length: 2 }, () => expect.stringContaining('Throw away the 3 records of letters')));
    expect((await product.status(integration, connectionId, 'letters'))?.latestResult).toEqual({ Letter: { added: 3, updated: 0, deleted: 0 } });
  });

  it('shows what limits the calls of a connection, and sets a limit', async () => {
    await shows("the API's headers");
    await shows('5,000 requests');
    await page.getByRole('button', { name: 'Set a limit' }).click();
    await page.getByLabel('Requests').fill('600');
    await page.getByLabel('Burst').fill('20');
    await page.getByRole('button', { name: 'Save limit' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await shows('600 requests in 60 s, 20 at once');
    await open(`/dev/integrations/${integration}`);
    await page.getByRole('button', { name: 'Set a limit' }).click();
    await page.getByLabel('Requests').fill('50');
    await page.getByLabel('Counts').selectOption('integration');
    await page.getByRole('button', { name: 'Save limit' }).click();
    await shows('50 requests in 60 s');
    await page.getByRole('button', { name: 'Set a limit' }).click();
    await page.getByRole('button', { name: 'As the API says' }).click();
    await shows('As its API says');
  });

  it('shows what a run said in the logs', async () => {
    await open('/dev/logs?kind=sync');
    await page.getByText('letters', { exact: true }).first().click();
    await shows('saved the letters');
  });

  it('cancels a run', { timeout: 120_000 }, async () => {
    // However it ends, the tests after it find an API that answers, and no run that waits for one.
    onTestFinished(() => {
      holdAnswers = false;
      for (const answer of held.splice(0)) answer();
    });
    holdAnswers = true;
    await open('/dev/connections');
    await page.getByText(connectionId).click();
    await page.getByRole('button', { name: 'Run letters now' }).click();
    await page.getByRole('button', { name: 'Cancel the run of letters' }).click();
    await page.getByRole('button', { name: 'Run letters now' }).waitFor({ timeout: 90_000 });
    await expect.poll(async () => (await product.status(integration, connectionId, 'letters'))?.latestExecutionStatus, { timeout: 20_000 }).toBe('CANCELLED');
  });

  it('keeps the webhook URL and environment variables', async () => {
    await open('/prod/environment-settings');
    await page.getByRole('textbox', { name: /^URL/ }).fill('https://product.example/hook');
    await page.getByRole('button', { name: 'Save URLs' }).click();
    await page.getByRole('button', { name: 'Saved' }).waitFor();
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByLabel('Name').last().fill('TEAM');
    await page.getByPlaceholder('value').last().fill('letters');
    await page.getByRole('button', { name: 'Save variables' }).click();
    await page.getByRole('button', { name: 'Saved' }).nth(1).waitFor();
    expect(await product.must('GET', '/environment-variables', { key: stack.prodSecretKey })).toContainEqual({ name: 'TEAM', value: 'letters' });
  });

  it('keeps where calls may go, and names the entry that is no good', async () => {
    await open('/prod/environment-settings');
    const never = page.getByRole('textbox', { name: /^Never these hosts/ });
    await never.fill('never.example, https://api.example.com');
    await page.getByRole('button', { name: 'Save hosts' }).click();
    await shows(/'https:\/\/api\.example\.com' is a URL/);
    await never.fill('never.example, *.nowhere.example:8443');
    await page.getByRole('button', { name: 'Save hosts' }).click();
    await page.getByRole('button', { name: 'Saved' }).waitFor();
    expect(await product.must('GET', '/environment/egress', { key: stack.prodSecretKey })).toEqual({
      allow: [],
      deny: ['never.example', '*.nowhere.example:8443'],
    });
  });

  it('shows nothing of one environment in the other', async () => {
    await open('/dev/connections');
    await shows(connectionId);
    await page.getByLabel('Environment').selectOption('prod');
    await shows(/in prod/);
    expect(await page.getByText(connectionId).count()).toBe(0);
  });
});
