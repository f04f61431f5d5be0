// `pnpm bench [phase ...]`: starts a stack of its own, deploys nango-yaml/ to it with the project's CLI, drives it with
// bench.mjs, measures what the machine itself can do in the same run, and prints figures and ratios.
// Phases: action sync records proxy connection; the first two unless others are named.
import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort, Stack } from '../../packages/stack/dist/index.js';
import { table } from './report.mjs';

const run = promisify(execFile);
const here = import.meta.dirname;
const root = resolve(here, '../..');
const asked = process.argv.slice(2);
const phases = asked.length > 0 ? asked : ['action', 'sync'];
const total = Number(process.env.TOTAL ?? 20_000);

const stack = { current: null };
const work = mkdtempSync(join(tmpdir(), 'bench-'));
const mock = await startMock();
try {
  stack.current = await Stack.start({ egressAllow: `127.0.0.1:${mock.port}`, say: (line) => console.error(line) });
  const { serverUrl, environments, databaseUrl, pids } = stack.current.describe();
  const key = environments.dev.secretKey;
  await prepare(serverUrl, key);
  const results = await harness({ serverUrl, key, pids });
  const limits = await machineLimits(databaseUrl);
  mkdirSync(join(root, '.local'), { recursive: true });
  writeFileSync(join(root, '.local/bench.json'), JSON.stringify({ results, limits }, null, 1));
  console.log(table(results, limits, JSON.parse(readFileSync(join(here, 'peer.json'), 'utf8'))));
} finally {
  await stack.current?.stop();
  mock.process.kill();
  rmSync(work, { recursive: true, force: true });
}

async function startMock() {
  const port = await freePort();
  const child = spawn(process.execPath, [join(here, 'mock-api.mjs'), '--port', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((ready, failed) => {
    child.stdout.once('data', ready);
    child.once('exit', (code) => failed(new Error(`the mock API ended with ${code}`)));
  });
  return { port, process: child, url: `http://127.0.0.1:${port}` };
}

/** The integration, its first connection, and the scripts. */
async function prepare(serverUrl, key) {
  await post(serverUrl, key, '/integrations', { unique_key: 'bench', provider: 'private-api-bearer' });
  await post(serverUrl, key, '/connections', connection('conn-1'));
  const folder = join(work, 'nango-integrations');
  cpSync(join(here, 'nango-yaml'), folder, { recursive: true });
  const env = { ...process.env, INIT_CWD: '', NANGO_HOSTPORT: serverUrl, NANGO_SECRET_KEY_DEV: key, NANGO_DEPLOY_AUTO_CONFIRM: 'true' };
  for (const command of [['generate'], ['deploy', 'dev', '--auto-confirm']])
    await run(process.execPath, [join(root, 'packages/cli/dist/main.js'), ...command], { cwd: folder, env });
}

function connection(id) {
  const credentials = { type: 'API_KEY', apiKey: 'mock-secret-key' };
  return { provider_config_key: 'bench', ...(id ? { connection_id: id } : {}), credentials, connection_config: { baseUrl: mock.url } };
}

async function post(serverUrl, key, path, body) {
  const answer = await fetch(`${serverUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
}

async function harness({ serverUrl, key, pids }) {
  const env = {
    ...process.env,
    BASE_URL: serverUrl,
    SECRET_KEY: key,
    MOCK_URL: mock.url,
    PHASES: phases.join(','),
    TOTAL: String(total),
    // Three runs of 167: the 500 calls of which none may take a second.
    ACTION_N: process.env.ACTION_N ?? '167',
    REPEATS: process.env.REPEATS ?? '3',
    CONNECTION_TEMPLATE: JSON.stringify(connection()),
    PROCS: Object.entries(pids)
      .map(([name, pid]) => `${name}${name === 'postgres' || name === 'runner' ? '*' : ''}:${pid}`)
      .join(','),
  };
  const child = spawn(process.execPath, [join(here, 'bench.mjs')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`the harness ended with ${code}`);
  return JSON.parse(Buffer.concat(chunks).toString());
}

async function machineLimits(databaseUrl) {
  const pg = createRequire(join(root, 'packages/database/package.json')).resolve('pg');
  const env = { ...process.env, PGURL: databaseUrl, PG_MODULE: pg, MOCK_URL: mock.url };
  const { stdout } = await run(process.execPath, [join(here, 'limits.mjs')], { env, maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
}
