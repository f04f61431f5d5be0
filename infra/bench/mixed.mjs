// Mixed load with an API that fails in every way: MINUTES=30 pnpm bench mixed
// Small and large bodies both ways, over the proxy's port and the server's, with resets, cut and slow bodies, storms of 500s and times of
// silence. Checks every body, that no call is stuck, and that proxy and server take no more memory at the end. Ends with 1 otherwise.
import { readdirSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { processSnapshot } from './harness/processes.mjs';
import { oneCall } from './mixed/one-call.mjs';
import { slopeOf } from './mixed/slope.mjs';
import { startMixedStand } from './mixed/stand.mjs';

const minutes = Number(process.env.MINUTES || 30);
const workers = Number(process.env.WORKERS || 24);
/** Memory settles at first: caches fill, code is compiled. */
const warmUpMinutes = Math.min(5, minutes / 4);
const sampleMs = 2_000;
const mostMbPerMinute = 1;
const say = (line) => process.stdout.write(`${line}\n`);

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => interruption.abort(new Error(`ended by ${name}`)));

const counts = new Map();
const memory = { proxy: [], server: [] };
let endsAt = Infinity;
process.exitCode = await main();

async function main() {
  await using stand = await startMixedStand({ signal: interruption.signal, say });
  const before = socketsOf(stand.pids);
  const startedAt = Date.now();
  endsAt = startedAt + minutes * 60_000;
  const sampling = sample(stand.pids, startedAt);
  await Promise.all(Array.from({ length: workers }, (_, index) => work(stand, index, startedAt)));
  await sampling;
  await wait(8_000);
  return report({ before, after: socketsOf(stand.pids), replaced: stand.replaced() });
}

async function work(stand, index, startedAt) {
  const { way, base } = index % 2 === 0 ? { way: 'proxy', base: stand.proxyUrl } : { way: 'server', base: stand.serverUrl };
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (let call = 0; Date.now() < endsAt && !interruption.signal.aborted; call++) {
    const kind = kindAt((Date.now() - startedAt) / 1_000);
    const outcome = await oneCall({ base: `${base}/proxy`, headers: stand.headers, agent, kind, seed: index * 1_000_003 + call, bytes: size(kind) });
    count(`${way} ${kind}: ${outcome}`);
  }
  agent.destroy();
}

/** Every two minutes a storm of 500s for ten seconds, and five seconds in which the API answers nobody. */
function kindAt(second) {
  const phase = second % 120;
  if (phase >= 60 && phase < 70) return 'error';
  if (phase >= 90 && phase < 95) return 'reset';
  const dice = Math.random() * 100;
  const kinds = { reset: 1, cut: 2, 'cut-pieces': 2, late: 1, slow: 2, pieces: 10, error: 3, upload: 15, leave: 2, sip: 3 };
  let below = 0;
  return Object.entries(kinds).find(([, percent]) => dice < (below += percent))?.[0] ?? 'none';
}

function size(kind) {
  const dice = Math.random();
  if (kind === 'leave') return 3_000_000;
  if (dice < 0.6) return 60 + Math.floor(Math.random() * 2_000);
  if (dice < 0.95) return 20_000 + Math.floor(Math.random() * 400_000);
  return 500_000 + Math.floor(Math.random() * 3_000_000);
}

async function sample(pids, startedAt) {
  const processes = ['proxy', 'server'].map((name) => ({ name, pid: pids[name] }));
  for (let round = 0; Date.now() < endsAt && !interruption.signal.aborted; round++) {
    await wait(sampleMs);
    const minute = (Date.now() - startedAt) / 60_000;
    const snapshot = processSnapshot(processes);
    for (const name of ['proxy', 'server']) memory[name].push({ minute, mb: snapshot[name].memMb });
    if (round % 15 === 14)
      say(`${minute.toFixed(1)} min  ${total()} calls  ${['proxy', 'server'].map((name) => `${name} ${snapshot[name].memMb.toFixed(0)} MB`).join('  ')}`);
  }
}

function report({ before, after, replaced }) {
  say(
    `\n${[...counts]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([what, times]) => `${String(times).padStart(8)}  ${what}`)
      .join('\n')}\n`,
  );
  const wrong = [...counts.keys()].filter((what) => /WRONG|STUCK|broken/.test(what));
  const growing = Object.entries(memory).filter(([name, points]) => {
    const settled = points.filter(({ minute }) => minute >= warmUpMinutes);
    const slope = slopeOf(settled);
    const [least, most] = [Math.min(...settled.map(({ mb }) => mb)), Math.max(...settled.map(({ mb }) => mb))];
    say(
      `${name}: ${slope.toFixed(2)} MB/min after ${warmUpMinutes} min (${least.toFixed(0)}-${most.toFixed(0)} MB), sockets ${before[name]} before, ${after[name]} after`,
    );
    return slope > mostMbPerMinute;
  });
  const problems = [
    ...wrong.map((what) => `${counts.get(what)} x ${what}`),
    ...growing.map(([name]) => `${name} grows by more than ${mostMbPerMinute} MB/min`),
    ...replaced.map((name) => `${name} ended and was started again`),
  ];
  say(`${total()} calls in ${minutes} min, ${os.cpus().length} cores, load average ${os.loadavg()[0].toFixed(1)}`);
  say(
    problems.length > 0 ? `Problems:\n${problems.map((problem) => `- ${problem}`).join('\n')}` : 'Every body was right, no call was stuck, memory stood still.',
  );
  return problems.length > 0 ? 1 : 0;
}

function count(what) {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function total() {
  return [...counts.values()].reduce((sum, times) => sum + times, 0);
}

function socketsOf(pids) {
  return Object.fromEntries(['proxy', 'server'].map((name) => [name, readdirSync(`/proc/${pids[name]}/fd`).length]));
}
