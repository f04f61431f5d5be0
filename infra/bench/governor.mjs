// What the governor does for an API of 10 requests a second, 20 at once, that six syncs, two clients and an action a second call for
// a minute: `pnpm bench governor`, or node infra/bench/governor.mjs [--seconds 60]. The same without it is printed beside.
import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, Stack } from '../../packages/stack/dist/index.js';
import { prepare, run } from './governor/load.mjs';
import { openDatabase } from './load/many-connections.mjs';
import { productOf } from './load/product.mjs';
import { serve } from './stand/program.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } }, allowPositionals: true });
const seconds = Number(values.seconds);
const goals = { refused: 0.01, used: 0.9, actionMs: 1_000 };
const runs = [
  ['tells its limits in headers', 'headers', 'on'],
  ['tells nothing but 429', 'refusals', 'on'],
  ['the same, without the governor', 'refusals', 'off'],
];
const part = (share) => `${(share * 100).toFixed(1)}%`;
const ms = (time) => `${Math.round(time)} ms`;
// Six syncs and the action have to run at once.
Object.assign(process.env, { RUNNER_SLOTS: '12', RUNNER_ENVIRONMENT_SLOTS: '11', RUNNER_ENVIRONMENT_BACKGROUND_SLOTS: '8' });

console.log(line(['the API', '429', 'limit used', 'action p50', 'p95', 'proxy p95', 'failed', 'goals']));
let missed = 0;
for (const [what, tells, governor] of runs) {
  const seen = await measure(tells, governor);
  const met = seen.refused < goals.refused && seen.used >= goals.used && seen.action95 < goals.actionMs;
  if (!met && governor === 'on') missed += 1;
  console.log(
    line([what, part(seen.refused), part(seen.used), ms(seen.action50), ms(seen.action95), ms(seen.call95), String(seen.failed), met ? 'met' : 'missed']),
  );
}
process.exitCode = missed > 0 ? 1 : 0;

async function measure(tells, governor) {
  await using started = new AsyncDisposableStack();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  started.use(await serve(join(import.meta.dirname, 'governor/limited-api.mjs'), { args: ['--port', String(port), '--tells', tells] }));
  const { databaseUrl, serverUrl, environments } = (await stackOf(started, { port, governor })).describe();
  const { secretKey } = environments.dev;
  const product = productOf(serverUrl, secretKey);
  const database = started.use(await openDatabase(databaseUrl));
  await prepare({ product, database, url, seconds: seconds + 3 });
  await fetch(`${url}/reset`, { method: 'POST' });
  const from = performance.now();
  const seen = await run({ product, serverUrl, secretKey, seconds });
  const counts = await (await fetch(`${url}/counts`)).json();
  const passable = 20 + ((performance.now() - from) / 1_000) * 10;
  return { ...figures(seen), refused: counts.refused / (counts.accepted + counts.refused), used: counts.accepted / passable, failed: seen.failed };
}

async function stackOf(started, { port, governor }) {
  process.env.NANGO_RATE_GOVERNOR = governor;
  const folder = await mkdtemp(join(tmpdir(), 'bench-governor-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755); // started by root, Postgres runs as a user who must get in
  const stack = await Stack.start({ home: join(folder, 'stack'), egressAllow: `127.0.0.1:${port}` });
  const elsewhere = stack.describe().postgresData;
  if (elsewhere) started.defer(() => rm(elsewhere, { recursive: true, force: true }));
  started.defer(() => stack.stop());
  return stack;
}

function figures({ actions, calls }) {
  return { action50: at(actions, 0.5), action95: at(actions, 0.95), call95: at(calls, 0.95) };
}

function at(times, share) {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
}

function line(cells) {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(32) : cell.padStart(11))).join('');
}
