import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageManagersAbove } from './package-manager.js';

let folder: string;
const started: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'above-'));
  // Runs its arguments as a child and waits, as npx and pnpm do.
  await writeFile(
    join(folder, 'run.cjs'),
    `const [command, ...args] = process.argv.slice(2); require('node:child_process').spawn(command, args, { stdio: 'inherit' });`,
  );
  await Promise.all(['npx', 'pnpm', 'other'].map((name) => symlink(join(folder, 'run.cjs'), join(folder, name))));
  await chmod(join(folder, 'run.cjs'), 0o755);
});
afterAll(async () => {
  for (const { pid } of started) if (pid) process.kill(-pid, 'SIGKILL');
  await rm(folder, { recursive: true });
});

it('finds the package managers that run a script, and the shells between them', async () => {
  const { top, leaf } = await runUnder(['npx', 'sh', 'pnpm', 'sh']);
  const above = packageManagersAbove(leaf);
  expect(above.length).toBe(4);
  expect(above.at(-1)).toBe(top);
});

it('does not count the shell from which a package manager was called', async () => {
  const { top, leaf } = await runUnder(['sh', 'pnpm']);
  expect(packageManagersAbove(leaf)).not.toContain(top);
  expect(packageManagersAbove(leaf).length).toBe(1);
});

it('finds none above a script that something else runs', async () => {
  const { leaf } = await runUnder(['other', 'sh']);
  expect(packageManagersAbove(leaf)).toEqual([]);
});

/** Runs a shell under a chain of programs, outermost first; the pids of the outermost and of what runs the shell. */
async function runUnder(chain: string[]): Promise<{ top: number; leaf: number }> {
  const words = chain.reduceRight<string[]>(
    (inner, name) => wrap(name, inner),
    [process.execPath, '-e', 'console.log(process.ppid); setInterval(() => {}, 1000)'],
  );
  const [command = '', ...args] = words;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  started.push(child);
  const leaf = Number(await new Promise((resolve) => child.stdout.once('data', resolve)));
  return { top: child.pid ?? -1, leaf };
}

function wrap(name: string, inner: string[]): string[] {
  // The colon keeps the shell from replacing itself with the command.
  if (name === 'sh') return ['sh', '-c', `${inner.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')}; :`];
  return [process.execPath, join(folder, name), ...inner];
}
