import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type BrowserContext, chromium } from 'playwright-core';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];

/** A fresh Chromium; `close` also removes its profile. */
export async function launchBrowser(): Promise<{ context: BrowserContext; close: () => Promise<void> }> {
  const profile = await mkdtemp(join(tmpdir(), 'browser-'));
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: flags });
  const close = async (): Promise<void> => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { context, close };
}

/** A page of a product with the client, built from source, as global `Nango`. */
export async function productPage(): Promise<{ type: string; body: string }> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../index.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'Nango',
    target: 'es2022',
  });
  return { type: 'text/html', body: `<!doctype html><title>Product</title><h1>The product</h1><script>${outputFiles[0]?.text}</script>` };
}
