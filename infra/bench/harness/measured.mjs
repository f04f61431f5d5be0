// Runs a piece of work and says what it cost: time, CPU and memory of each process, and what else the machine did meanwhile.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { machineTicks, parseProcesses, processSnapshot } from './processes.mjs';
import { settings } from './settings.mjs';
import { round, spread, sum } from './statistics.mjs';

const processes = parseProcesses(settings.processes);
const thread = new Worker(new URL('memory-thread.mjs', import.meta.url), { workerData: processes });
thread.unref();

/** CPU time and memory of the processes under test now. */
export const snapshot = () => processSnapshot(processes);

/** Does the work; resolves with `{ value, wallMs, noise, processes: { name: { cpuMs, peakMb } } }`. */
export async function measured(work) {
  const before = snapshot();
  const ticksBefore = machineTicks();
  const memory = sampleMemory();
  const startedAt = performance.now();
  const value = await work().catch(async (error) => {
    await memory.stop();
    throw error;
  });
  const wallMs = round(performance.now() - startedAt, 1);
  const after = snapshot();
  const noise = noiseSince(ticksBefore);
  return { value, wallMs, noise, processes: costs({ before, after, peaks: await memory.stop() }) };
}

/** How much of the machine went to niced processes (other work), to the hypervisor, and to nobody. */
export function noiseOf(runs, kinds = ['nice', 'steal', 'idle']) {
  return Object.fromEntries(kinds.map((kind) => [kind, spread(runs.map(({ noise }) => noise[kind]))]));
}

/** By process: the CPU time that each of so many units (requests, actions) took. */
export function cpuPerUnit(runs, units) {
  return byProcess(runs, (costs) => round(sum(costs, ({ cpuMs }) => cpuMs) / units));
}

/** By process: the CPU time of a run. */
export function cpuSpread(runs) {
  return byProcess(runs, (costs) => spread(costs.map(({ cpuMs }) => cpuMs)));
}

/** By process: the most memory it was seen with. */
export function peakMemory(runs) {
  return byProcess(runs, (costs) => Math.max(...costs.map(({ peakMb }) => peakMb)));
}

function costs({ before, after, peaks }) {
  const entries = Object.entries(after).map(([name, { cpuMs, memMb }]) => [
    name,
    { cpuMs: cpuMs - (before[name]?.cpuMs ?? 0), peakMb: round(Math.max(peaks[name] ?? 0, memMb), 1) },
  ]);
  return Object.fromEntries(entries);
}

function byProcess(runs, figure) {
  const names = Object.keys(runs[0].processes);
  return Object.fromEntries(names.map((name) => [name, figure(runs.map((run) => run.processes[name]))]));
}

/** Notes the peaks of memory until its `stop`, which answers them by name. */
function sampleMemory() {
  thread.ref();
  thread.postMessage('start', []);
  return {
    stop: async () => {
      const answer = once(thread, 'message');
      thread.postMessage('stop', []);
      const [peaks] = await answer;
      thread.unref();
      return peaks;
    },
  };
}

function noiseSince(before) {
  const now = machineTicks();
  const share = (kind) => round(((now[kind] - before[kind]) / Math.max(1, now.total - before.total)) * 100, 1);
  return { nice: share('nice'), steal: share('steal'), idle: share('idle') };
}
