// Runs a piece of work and says what it cost: time, CPU and memory of each process, and what else the machine did meanwhile.
import { machineTicks, parseProcesses, processSnapshot } from './processes.mjs';
import { settings } from './settings.mjs';
import { round, spread, sum } from './statistics.mjs';

const sampleEveryMs = 500;
const processes = parseProcesses(settings.processes);

/** CPU time and memory of the processes under test now. */
export const snapshot = () => processSnapshot(processes);

/** Does the work; resolves with `{ value, wallMs, noise, processes: { name: { cpuMs, peakMb } } }`. */
export async function measured(work) {
  const before = snapshot();
  const ticksBefore = machineTicks();
  const peak = memorySampler();
  const startedAt = performance.now();
  try {
    const value = await work();
    const wallMs = performance.now() - startedAt;
    const after = snapshot();
    const costs = Object.entries(after).map(([name, { cpuMs, memMb }]) => [
      name,
      { cpuMs: cpuMs - (before[name]?.cpuMs ?? 0), peakMb: round(Math.max(peak.of(name), memMb), 1) },
    ]);
    return { value, wallMs: round(wallMs, 1), noise: noiseSince(ticksBefore), processes: Object.fromEntries(costs) };
  } finally {
    peak.stop();
  }
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

function byProcess(runs, figure) {
  const names = Object.keys(runs[0].processes);
  return Object.fromEntries(names.map((name) => [name, figure(runs.map((run) => run.processes[name]))]));
}

function memorySampler() {
  const peaks = {};
  const timer = setInterval(() => {
    for (const [name, { memMb }] of Object.entries(snapshot())) peaks[name] = Math.max(peaks[name] ?? 0, memMb);
  }, sampleEveryMs);
  return { of: (name) => peaks[name] ?? 0, stop: () => clearInterval(timer) };
}

function noiseSince(before) {
  const now = machineTicks();
  const share = (kind) => round(((now[kind] - before[kind]) / Math.max(1, now.total - before.total)) * 100, 1);
  return { nice: share('nice'), steal: share('steal'), idle: share('idle') };
}
