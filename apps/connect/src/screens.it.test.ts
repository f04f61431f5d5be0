import axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, takePicture } from './test/browser.js';
import { DescribedServer } from './test/described-server.js';
import { manyProviders, providers } from './test/providers.js';

const widths = [320, 360, 768, 1440];
const refused = { status: 400, body: { error: { code: 'connection_test_failed', message: 'Invalid key: the token was revoked on 2026-01-01' } } };

describe('the screens of the connect page', () => {
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

  const heading = (name: string | RegExp) => page.getByRole('heading', { name }).waitFor();
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const submitRich = async (): Promise<void> => {
    await page.getByLabel('Host').fill('https://nothing wrong');
    await page.getByLabel('Region').selectOption('us');
    await press('Connect');
    await page.getByText('for example api.example.com').waitFor();
  };

  /** Each brings the page to a screen. */
  const screens: Record<string, { providers: DescribedServer['providers']; reach: () => Promise<void>; query?: Record<string, string> }> = {
    'the list': { providers: manyProviders, reach: () => heading('Connect an account') },
    'the list without a match': { providers: manyProviders, reach: () => page.getByLabel('Search').fill('zzz') },
    'an empty list': { providers: [], reach: () => heading('Nothing to connect yet') },
    'a form': { providers: [providers.rich], reach: () => heading('Connect Rich') },
    'a form with mistakes': { providers: [providers.rich], reach: submitRich },
    'a form with an affix': { providers: [providers.shop], reach: () => heading('Connect Shop') },
    'a button alone': { providers: [providers.plain], reach: () => heading('Connect Plain') },
    'a refused key': {
      providers: [providers.key],
      reach: async () => {
        server.answer = async () => refused;
        await page.getByLabel('API key', { exact: true }).fill('wrong');
        await press('Connect');
        await page.getByRole('alert').waitFor();
      },
    },
    waiting: {
      providers: [providers.plain],
      reach: async () => {
        await Promise.all([page.waitForEvent('popup'), press('Connect')]);
        await heading('Continue in the other window');
      },
    },
    'a refused consent': {
      providers: [providers.shop],
      reach: async () => {
        await page.getByLabel('Store').fill('acme');
        const [popup] = await Promise.all([page.waitForEvent('popup'), press('Connect')]);
        await popup.getByRole('heading', { name: 'Sign in' }).waitFor();
        server.finish({ message_type: 'error', error_type: 'callback_err', error_desc: 'The access was not granted (access_denied).' });
        await heading('Access was not allowed');
      },
    },
    done: {
      providers: [providers.key],
      reach: async () => {
        await page.getByLabel('API key', { exact: true }).fill('good');
        await press('Connect');
        await heading('Key is connected');
      },
    },
    pending: {
      providers: [providers.key],
      reach: async () => {
        server.answer = async () => ({ status: 200, body: { providerConfigKey: 'key', connectionId: 'c1', isPending: true } });
        await page.getByLabel('API key', { exact: true }).fill('good');
        await press('Connect');
        await heading('Key is waiting for approval');
      },
    },
    'a link without a session': { providers: [], query: { session_token: '' }, reach: () => heading('This link is incomplete') },
  };

  const open = async ({ providers, reach, query }: (typeof screens)[string], more: Record<string, string> = {}): Promise<void> => {
    server.providers = providers;
    await page.goto(server.url({ ...query, ...more }));
    await reach();
  };
  const violations = async (): Promise<string[]> => {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run()); // the script has just defined it
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`);
  };
  const overflow = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - globalThis.innerWidth);

  describe.each(Object.keys(screens))('%s', (name) => {
    const screen = (): (typeof screens)[string] => screens[name] ?? { providers: [], reach: async () => undefined };

    it.each(['light', 'dark'])('can be read and operated by everybody, in %s', async (theme) => {
      await open(screen(), { theme });
      expect(await violations()).toEqual([]);
      await takePicture(page, `${name}-${theme}`);
    });

    it('fits every width', async () => {
      await open(screen());
      for (const width of widths) {
        await page.setViewportSize({ width, height: 640 });
        expect(await overflow(), `${width} px`).toBeLessThanOrEqual(0);
        if (width === 320) await takePicture(page, `${name}-320`);
      }
    });
  });

  it('show a name that does not fit on two lines, with the arrow in sight', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await open(screens['the list']!); // it is above
    for (const row of [0, 1]) {
      const arrow = page.getByRole('listitem').nth(row).locator('svg');
      const box = await arrow.boundingBox();
      expect(box && box.x + box.width).toBeLessThan(320);
    }
  });

  it.each(['de', 'fr', 'es', 'it', 'nl', 'pt-BR', 'ja'])('speak %s where the address says so', async (lang) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await open({ providers: [providers.shop], reach: () => page.getByRole('heading').waitFor() }, { lang });
    expect(await page.locator('html').getAttribute('lang')).toBe(lang);
    expect(await page.getByRole('heading').textContent()).not.toContain('Connect Shop');
    expect(await overflow()).toBeLessThanOrEqual(0);
    expect(await violations()).toEqual([]);
    await takePicture(page, `language-${lang}`);
  });

  it('speak the browser’s language where the address names none that there is', async () => {
    await open({ providers: [providers.plain], reach: () => heading('Connect Plain') }, { lang: 'tlh' });
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('have the environment’s colours, with text on them that can be read', async () => {
    server.session = {
      connect_ui_settings: { theme: 'light', colors: { light: { primary: '#ffe600', background: '#fff8dc' }, dark: { primary: '#3b0764' } } },
    };
    const look = async (theme?: string): Promise<string[]> => {
      await open({ providers: [providers.key], reach: () => heading('Connect Key') }, theme ? { theme } : {});
      expect(await violations()).toEqual([]);
      await takePicture(page, `colours-${theme ?? 'environment'}`);
      const button = page.getByRole('button', { name: 'Connect' });
      return button.evaluate((element) => [getComputedStyle(element).backgroundColor, getComputedStyle(element).color]);
    };
    expect(await look()).toEqual(['rgb(255, 230, 0)', 'rgb(14, 16, 21)']);
    expect(await look('dark')).toEqual(['rgb(59, 7, 100)', 'rgb(255, 255, 255)']);
  });

  it('give the keyboard to the title of each screen', async () => {
    await open(screens['done']!); // it is above
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Key is connected');
  });
});
