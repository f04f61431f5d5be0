import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type FrameLocator, type Page } from 'playwright-core';
import type { TestStack } from 'stack/testing';
import { expect } from 'vitest';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium with the dashboard of a stack. */
export type DashboardBrowser = {
  page: Page;
  open(path: string): Promise<void>;
  signIn(): Promise<void>;
  shows(text: string | RegExp, where?: Page | FrameLocator): Promise<void>;
  /** Saves what the page shows, at the widths that it has to work at, where the variable SCREENSHOTS names a folder. */
  picture(name: string): Promise<void>;
  close(): Promise<void>;
};

/** Starts a browser with a profile of its own; nobody is signed in yet. */
export async function aDashboardBrowser(stack: TestStack): Promise<DashboardBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'browser-'));
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  const viewport = { width: 1280, height: 860 };
  const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: flags, viewport });
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  const open = async (path: string): Promise<void> => void (await page.goto(`${stack.serverUrl}${path}`));
  return {
    page,
    open,
    signIn: async () => {
      await open('/signin');
      await page.getByLabel('E-mail').fill(stack.dashboard.email);
      await page.getByLabel('Password').fill(stack.dashboard.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Integrations' }).waitFor();
    },
    shows: async (text, where = page) => {
      await where.getByText(text).first().waitFor();
      expect(await where.getByText(text).first().isVisible()).toBe(true);
    },
    picture: (name) => takePictures(page, name),
    close: async () => {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

async function takePictures(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  const before = page.viewportSize();
  if (!folder || !before) return;
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize({ width, height: 860 });
    await page.screenshot({ path: join(folder, `${name}-${width}.png`) });
  }
  await page.setViewportSize(before);
}
