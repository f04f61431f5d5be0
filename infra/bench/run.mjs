// `pnpm bench [phase ...]`: starts a stack of its own, deploys nango-yaml/ to it with the project's CLI, drives it with
// bench.mjs, measures what the machine itself can do in the same run, and prints figures and ratios.
// Phases: action sync records proxy connection; the first two unless others are named. `governor` and `mixed` have stands of their own
// (governor.mjs, mixed.mjs). Ends with 1 when anything went wrong.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { explain } from '../../packages/stack/dist/index.js';
import { requirePhases } from './harness/phase-names.mjs';
import { table } from './report.mjs';
import { problemsOf } from './stand/problems.mjs';
import { runToEnd } from './stand/program.mjs';
import { connectionTo, prepareProject } from './stand/project.mjs';
import { startStand } from './stand/stand.mjs';

const here = import.meta.dirname;
const root = resolve(here, '../..');
const asked = process.argv.slice(2);
/** Records of a sync; 100,000 when nothing else is asked for, as the goals and the peer's figures are of. */
const total = process.env.TOTAL ? { TOTAL: process.env.TOTAL } : {};
const ownStands = ['governor', 'mixed'];
const apart = ownStands.filter((name) => asked.includes(name));
const phases = asked.length > 0 ? asked.filter((name) => !ownStands.includes(name)) : ['action', 'sync'];
const needsStore = phases.some((name) => name === 'sync' || name === 'records');
const forks = new Set(['postgres', 'runner']);
const say = (text) => console.error(text);

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interruption.abort(new Error(`ended by ${signal}`)));
const { signal } = interruption;

process.exitCode = await benchAll().catch((error) => {
  say(signal.aborted ? signal.reason.message : explain(error));
  return 1;
});

async function benchAll() {
  let worst = phases.length > 0 ? await bench() : 0;
  for (const name of apart) worst = Math.max(worst, await benchApart(name));
  return worst;
}

/** By itself, since its settings are others. */
async function benchApart(name) {
  const child = spawn(process.execPath, [join(here, `${name}.mjs`)], { stdio: 'inherit', signal });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

async function bench() {
  requirePhases(phases);
  const loadBefore = os.loadavg();
  await using stand = await startStand({ signal, say });
  signal.throwIfAborted();
  await prepareProject({ ...stand, signal });
  const results = await measure(stand);
  signal.throwIfAborted();
  const problems = [...problemsOf(results), ...stand.replaced().map((name) => `${name} ended and was started again`)];
  if (needsStore) results.bare_store = await bareStore(stand).catch((error) => void problems.push(error.message));
  const limits = await machineLimits(stand).catch((error) => void problems.push(error.message));
  report({ results, limits, loadBefore });
  if (problems.length > 0) await explainProblems(problems, stand);
  return problems.length > 0 ? 1 : 0;
}

/** The harness' figures; those of the other phases also when one of them failed. */
async function measure({ serverUrl, proxyUrl, secretKey, mockUrl, passThroughUrl, pids }) {
  const env = {
    BASE_URL: serverUrl,
    SECRET_KEY: secretKey,
    MOCK_URL: mockUrl,
    PASS_THROUGH_URL: passThroughUrl,
    PROXY_URL: proxyUrl,
    PHASES: phases.join(','),
    ...total,
    // Three runs of 167: the 500 calls of which none may take a second.
    ACTION_N: process.env.ACTION_N ?? '167',
    REPEATS: process.env.REPEATS ?? '3',
    CONNECTION_TEMPLATE: JSON.stringify(connectionTo(mockUrl)),
    PROCS: processList(pids),
  };
  const { code, stdout } = await runToEnd(join(here, 'bench.mjs'), { env, signal, stderr: 'inherit' });
  if (stdout === '') throw new Error(`the harness ended with ${code} and without figures`);
  return JSON.parse(stdout);
}

function processList(pids) {
  const running = Object.entries(pids).filter(([, pid]) => pid > 0);
  return running.map(([name, pid]) => `${name}${forks.has(name) ? '*' : ''}:${pid}`).join(',');
}

/** The record store alone, on the same database, after everything else. */
async function bareStore({ databaseUrl }) {
  const env = { PGURL: databaseUrl, ...total };
  const { code, stdout, stderr } = await runToEnd(join(here, 'bare-store.mjs'), { env, signal });
  if (code !== 0) throw new Error(`bare-store.mjs ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

async function machineLimits({ databaseUrl, temporalAddress }) {
  const pg = createRequire(join(root, 'packages/database/package.json')).resolve('pg');
  const { code, stdout, stderr } = await runToEnd(join(here, 'limits.mjs'), {
    env: { PGURL: databaseUrl, PG_MODULE: pg, TEMPORAL_ADDRESS: temporalAddress, MODULES: root },
    signal,
  });
  if (code !== 0) throw new Error(`limits.mjs ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

function report({ results, limits, loadBefore }) {
  const peer = JSON.parse(readFileSync(join(here, 'peer.json'), 'utf8'));
  const file = join(root, '.local/bench.json');
  mkdirSync(join(root, '.local'), { recursive: true });
  writeFileSync(file, JSON.stringify({ results, limits, load_average_before: loadBefore }, null, 1));
  const [before, after] = [loadBefore, results.load_average.after].map(([minute]) => minute.toFixed(1));
  console.log(`\n${table({ results, limits, peer })}`);
  console.log(`\n${results.cpus} cores, load average ${before} before and ${after} after; all figures: ${file}; peer: ${peer.source}`);
}

async function explainProblems(problems, stand) {
  say(['', 'Problems:', ...problems.map((problem) => `- ${problem}`)].join('\n'));
  for (const { name, lines } of await stand.warnings()) if (lines.length > 0) say([`${name} said:`, ...lines.map((line) => `  | ${line}`)].join('\n'));
}
