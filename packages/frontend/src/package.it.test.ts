import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');
const exported = ['AuthError', 'ConnectUI', 'Nango', 'default'];
const builds = { ESM: 'dist/index.js', CommonJS: 'dist/cjs/index.js', IIFE: 'dist/index.iife.js' };
const load: Record<keyof typeof builds, () => Promise<object>> = {
  ESM: () => import(/* @vite-ignore */ join(folder, builds.ESM)) as Promise<object>,
  CommonJS: async () => createRequire(import.meta.url)(join(folder, builds.CommonJS)) as object,
  IIFE: async () => {
    const page: { Nango?: object } = {};
    runInNewContext(await readFile(join(folder, builds.IIFE), 'utf8'), page);
    return page.Nango ?? {};
  },
};

describe('the built package', () => {
  it.each(['ESM', 'CommonJS', 'IIFE'] as const)('loads as %s, with at most 12 KB gzipped', async (kind) => {
    expect(Object.keys(await load[kind]()).sort()).toEqual(exported);
    expect(gzipSync(await readFile(join(folder, builds[kind]))).length).toBeLessThan(12 * 1024);
  });

  it('resolves for every kind of consumer, with the types of its kind', async () => {
    const target = await mkdtemp(join(tmpdir(), 'pack-'));
    try {
      await promisify(execFile)('npm', ['pack', '--ignore-scripts', '--pack-destination', target], { cwd: folder });
      const [name = ''] = await readdir(target);
      const tarball = await readFile(join(target, name));
      const { messages } = await publint({ pack: { tarball: new Uint8Array(tarball).buffer }, level: 'warning', strict: true });
      const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
      expect(messages).toEqual([]);
      expect(analysis.types && 'problems' in analysis ? analysis.problems : analysis).toEqual([]);
    } finally {
      await rm(target, { recursive: true, force: true });
    }
  });
});
