// What `pnpm bench` measures on: a stack of its own that flushes to disk like a real one, and the programs beside it.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, Stack } from '../../../packages/stack/dist/index.js';
import { serve } from './program.mjs';

const bench = join(import.meta.dirname, '..');
const watched = ['server', 'orchestrator', 'proxy', 'runner'];
const warning = 40;

/** Starts everything; disposing of the stand ends every process and removes every file. */
export async function startStand({ signal, say }) {
  await using started = new AsyncDisposableStack();
  const work = await temporaryFolder(started);
  const { url: mockUrl, host } = await serveOnFreePort('mock-api.mjs', started);
  const stack = await startStack({ home: join(work, 'stack'), freePorts: true, egressAllow: host, signal, say }, started);
  const described = stack.describe();
  const secretKey = described.environments.dev.secretKey;
  const { url: passThroughUrl } = await serveOnFreePort('pass-through.mjs', started, { MOCK_URL: mockUrl, SECRET_KEY: secretKey });
  const disposal = started.move();
  return {
    ...described,
    secretKey,
    mockUrl,
    passThroughUrl,
    work,
    replaced: () => watched.filter((name) => stack.describe().pids[name] !== described.pids[name]),
    warnings: () => Promise.all(watched.map(async (name) => ({ name, lines: await lastWarnings(stack.logFile(name)) }))),
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}

async function temporaryFolder(started) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755); // started by root, Postgres runs as a user who must get in
  return folder;
}

async function serveOnFreePort(file, started, env) {
  const port = await freePort();
  started.use(await serve(join(bench, file), { args: ['--port', String(port)], env }));
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}` };
}

async function startStack(options, started) {
  const stack = await Stack.start(options);
  const elsewhere = stack.describe().postgresData;
  if (elsewhere) started.defer(() => rm(elsewhere, { recursive: true, force: true }));
  started.defer(() => stack.stop());
  return stack;
}

async function lastWarnings(logFile) {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).split('\n');
  return lines.filter((line) => levelOf(line) >= warning).slice(-3);
}

function levelOf(line) {
  try {
    return JSON.parse(line).level;
  } catch {
    return 0;
  }
}
