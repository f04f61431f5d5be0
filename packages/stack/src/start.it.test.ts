import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StackFile } from 'model';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startMark } from './process-identity.js';
import { builtProgram } from './repository.js';

let home: string;
let running: ChildProcess | null = null;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'start-'));
  await chmod(home, 0o755); // Postgres keeps its data in here only when its user may enter
});
afterEach(async () => {
  if (running) await end(running);
  running = null;
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('starts, tells its owner alone how to reach it, leaves nothing behind on Ctrl-C, goes on with the same data once detached, and ends with stop', async () => {
  running = await startUntilReady();
  const first = await stackFile();
  expect((await stat(join(home, 'stack.json'))).mode & 0o777).toBe(0o600);
  expect(await integrations(first)).toEqual([]);
  await request(first, 'POST', '/integrations', { unique_key: 'kept', provider: 'demo-tracker' });
  const started = await startedProcesses();
  await end(running);
  expect(started.filter((pid) => startMark(pid) !== null)).toEqual([]);

  const detached = spawnStack('start', '--no-demo', '--detach');
  expect(await outputOf(detached)).toContain('dashboard');
  expect(detached.exitCode).toBe(0);
  const second = await stackFile();
  expect(second.environments).toEqual(first.environments);
  expect(await integrations(second)).toEqual(['kept']);

  const third = spawnStack('start', '--no-demo');
  expect(await outputOf(third)).toContain('It runs already');
  expect(third.exitCode).toBe(1);

  const again = await startedProcesses();
  expect(await outputOf(spawnStack('stop'))).toContain('stopped');
  expect(again.filter((pid) => startMark(pid) !== null)).toEqual([]);
});

it('names the component that does not start and stops the others', async () => {
  const child = spawnStack('start', '--no-demo', { TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(await outputOf(child)).toContain('temporal does not answer at TEMPORAL_ADDRESS=127.0.0.1:1');
  expect(child.exitCode).toBe(1);
});

it('asks for a key from outside in production', async () => {
  const child = spawnStack('start', '--no-demo', { NODE_ENV: 'production' });
  expect(await outputOf(child)).toContain('NODE_ENV=production needs NANGO_ENCRYPTION_KEY');
  expect(child.exitCode).toBe(1);
});

function spawnStack(...words: (string | Record<string, string>)[]): ChildProcess {
  const args = words.filter((word) => typeof word === 'string');
  const env = Object.assign({ ...process.env, NODE_ENV: '', NANGO_STACK_HOME: home }, ...words.filter((word) => typeof word !== 'string'));
  return spawn(process.execPath, [builtProgram('packages/stack'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function startUntilReady(): Promise<ChildProcess> {
  const child = spawnStack('start', '--no-demo');
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (text) => {
      output += String(text);
      if (output.includes('sign in as')) resolve();
    });
    child.once('exit', () => reject(new Error(`it ended:\n${output}`)));
  });
  return child;
}

async function outputOf(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += String(text)));
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await ended;
  await sleep(50);
}

const stackFile = async (): Promise<StackFile> => StackFile.parse(JSON.parse(await readFile(join(home, 'stack.json'), 'utf8')));

/** Every process of the stack: those in its file and all that descend from them. */
async function startedProcesses(): Promise<number[]> {
  const { children } = JSON.parse(await readFile(join(home, 'running.json'), 'utf8')) as { children: Record<string, { pid: number }> };
  const found = Object.values(children).map(({ pid }) => pid);
  expect(found.filter((pid) => startMark(pid) !== null).length).toBe(7);
  const parents = await parentsOfAll();
  for (const pid of found) found.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
  return found;
}

/** Every process of the machine with its parent. */
async function parentsOfAll(): Promise<[number, number][]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = pids.map(async (pid): Promise<[number, number]> => {
    const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    return [Number(pid), Number(/^PPid:\s+(\d+)/m.exec(text)?.[1] ?? 0)];
  });
  return Promise.all(read);
}

async function request(stack: StackFile, method: string, path: string, body?: unknown): Promise<unknown> {
  const headers = { authorization: `Bearer ${stack.environments.dev.secretKey}`, 'content-type': 'application/json' };
  const response = await fetch(`${stack.serverUrl}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  expect(response.status).toBe(200);
  return response.json();
}

async function integrations(stack: StackFile): Promise<string[]> {
  const { data } = (await request(stack, 'GET', '/integrations')) as { data: { unique_key: string }[] };
  return data.map(({ unique_key }) => unique_key);
}
