import { load } from './load.mjs';
import { log } from './log.mjs';
import { cpuPerUnit, measured, noiseOf, peakMemory } from './measured.mjs';
import { settings } from './settings.mjs';
import { spread, sum } from './statistics.mjs';
import { hasWrk, wrkFigures } from './wrk.mjs';

const warmUpS = 2;

/** After a warm-up, puts the same load on a URL several times; figures over the repeats, and CPU per request of each process. */
export async function repeatedLoad(label, target, { repeats = settings.repeats, withWrk = true } = {}) {
  log(label, 'warm-up');
  await load({ ...target, seconds: warmUpS });
  const runs = [];
  for (let run = 1; run <= repeats; run++) {
    runs.push(await measured(() => load(target)));
    const { rps, latencyMs, errors } = runs.at(-1).value;
    log(label, `c=${target.connections} run ${run}/${repeats} ${rps} req/s`, percentiles(latencyMs), `errors ${errors}`);
  }
  const figures = figuresOf(target, runs);
  if (withWrk && hasWrk) figures.wrk = wrkFigures(target, Math.min(3, repeats));
  if (figures.wrk) log(label, `c=${target.connections} wrk ${figures.wrk.rps.median} req/s p50 ${figures.wrk.p50_ms.median} p95 ${figures.wrk.p95_ms.median}`);
  return figures;
}

/** Percentiles as one piece of a progress line. */
export const percentiles = ({ p50, p95, p99, max }) => `p50 ${p50} p95 ${p95} p99 ${p99} max ${max}`;

/** Figures over the repeats of one load. */
export function figuresOf({ connections }, runs) {
  const values = runs.map(({ value }) => value);
  const requests = sum(values, (value) => value.requests);
  const latency = (percentile) => spread(values.map(({ latencyMs }) => latencyMs[percentile]));
  return {
    c: connections,
    rps: spread(values.map(({ rps }) => rps)),
    p50_ms: latency('p50'),
    p95_ms: latency('p95'),
    p99_ms: latency('p99'),
    max_ms: latency('max'),
    errors: sum(values, ({ errors }) => errors),
    requests,
    noise_pct: noiseOf(runs),
    cpu_ms_per_request: cpuPerUnit(runs, requests),
    mem_mb_peak: peakMemory(runs),
  };
}
