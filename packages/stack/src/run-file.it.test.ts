import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isSame, startMark } from './process-identity.js';
import { RunFile } from './run-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = (): RunFile => new RunFile(join(folder, 'running.json'));

it('lets one supervisor at a time have a folder', async () => {
  const first = file();
  expect(await first.take()).toBeNull();
  expect(await file().take()).toBe(process.pid);
  first.release();
  expect(await file().take()).toBeNull();
});

it('ends what a killed supervisor left running', async () => {
  const { pid: supervisor, left } = await aKilledSupervisor();
  expect(startMark(supervisor)).toBeNull();
  expect(startMark(left)).not.toBeNull();
  expect(await file().take()).toBeNull();
  expect(startMark(left)).toBeNull();
});

it('does not take a later process with the same pid for the one it knew', () => {
  expect(isSame({ pid: process.pid, mark: startMark(process.pid) })).toBe(true);
  expect(isSame({ pid: process.pid, mark: '1' })).toBe(false);
});

/** A process that takes the folder, starts another one, notes it, and is killed. */
async function aKilledSupervisor(): Promise<{ pid: number; left: number }> {
  const program = `
    import { spawn } from 'node:child_process';
    import { RunFile } from ${JSON.stringify(join(import.meta.dirname, '../dist/run-file.js'))};
    const runFile = new RunFile(${JSON.stringify(join(folder, 'running.json'))});
    await runFile.take();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    runFile.noteChild('sleeper', child.pid, 'SIGTERM');
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const supervisor = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const left = Number(await new Promise((resolve) => supervisor.stdout.once('data', resolve)));
  const ended = new Promise((resolve) => supervisor.once('exit', resolve));
  supervisor.kill('SIGKILL');
  await ended;
  return { pid: supervisor.pid ?? -1, left };
}
