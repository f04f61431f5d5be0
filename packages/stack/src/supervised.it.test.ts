import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Component } from './component.js';
import { freePort } from './ports.js';
import { startMark } from './process-identity.js';
import { Supervised } from './supervised.js';

let folder: string;
let supervised: Supervised | null = null;
const said: string[] = [];
const launched: number[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supervised-'));
  said.length = 0;
  launched.length = 0;
});
afterEach(async () => {
  await supervised?.end();
  await rm(folder, { recursive: true });
});

/** A web server made of one line; `extra` runs before it listens. */
function aComponent(port: number, extra = ''): Component {
  const program = `${extra};require('node:http').createServer((_, r) => r.end('ok')).listen(${port}, '127.0.0.1')`;
  return {
    name: 'sample',
    command: process.execPath,
    args: ['-e', program],
    env: {},
    ready: async () => (await fetch(`http://127.0.0.1:${port}`)).ok,
    stopSignal: 'SIGTERM',
    startTimeoutMs: 10_000,
    advice: 'none',
  };
}

function supervise(component: Component): Supervised {
  supervised = new Supervised(component, { logFile: join(folder, 'sample.log'), launched: (pid) => launched.push(pid), say: (line) => said.push(line) });
  return supervised;
}

it('starts a killed process again on the same port, and says what it said last', async () => {
  const port = await freePort();
  const sample = supervise(aComponent(port, `console.log('hello from', process.pid)`));
  await sample.start();
  const first = sample.pid;
  process.kill(first, 'SIGKILL');
  await vi.waitFor(() => expect(said.join('\n')).toContain('runs again'), { timeout: 10_000 });
  expect((await fetch(`http://127.0.0.1:${port}`)).ok).toBe(true);
  expect(launched).toEqual([first, sample.pid]);
  expect(said[0]).toContain('sample ended (killed by SIGKILL)');
  expect(said[0]).toContain(`| hello from ${first}`);
});

it('names a process that ends while starting and what it said', async () => {
  const failure = supervise(aComponent(await freePort(), `console.error('no database'); process.exit(3)`)).start();
  await expect(failure).rejects.toMatchObject({ name: 'StartFailure', reason: 'ended while starting (exit code 3)', lastLines: ['no database'] });
});

it('leaves nothing of a process group behind, also when the process ignores its stop signal', async () => {
  const child = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])`;
  const sample = supervise(aComponent(await freePort(), `process.on('SIGTERM', () => {}); console.log(${child}.pid)`));
  await sample.start();
  const grandchild = Number((await readFile(join(folder, 'sample.log'), 'utf8')).trim());
  expect(startMark(grandchild)).not.toBeNull();
  await sample.end(300);
  await vi.waitFor(() => expect([startMark(sample.pid), startMark(grandchild)]).toEqual([null, null]));
});
