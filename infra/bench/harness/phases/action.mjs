import { load } from '../load.mjs';
import { log } from '../log.mjs';
import { cpuPerUnit, measured, noiseOf } from '../measured.mjs';
import { percentiles } from '../repeated-load.mjs';
import { onBehalfOf, settings } from '../settings.mjs';
import { distribution, spread, sum } from '../statistics.mjs';

const stallMs = 1000;
const warmUpCalls = 10;

/** Actions through the REST API, one after the other and ten at once: one that does nothing, and one with a call to the external API. */
export async function measureActions() {
  return {
    noop: await measureAction('noop', settings.noopAction),
    one_proxy_call: await measureAction('one_proxy_call', settings.callingAction),
  };
}

async function measureAction(label, action) {
  const { baseUrl, connectionId, repeats, actionCalls, durationS } = settings;
  const target = { url: `${baseUrl}/action/trigger`, method: 'POST', headers: onBehalfOf(connectionId), body: { action_name: action, input: { n: 1 } } };
  await load({ ...target, connections: 1, count: warmUpCalls });
  const sequential = await repeat(`action ${label} sequential`, Math.min(repeats, 3), { ...target, connections: 1, count: actionCalls });
  const concurrent = await repeat(`action ${label} c=10`, repeats, { ...target, connections: 10, seconds: Math.max(durationS, 10) });
  return { noise_pct: noiseOf([...sequential, ...concurrent]), sequential: sequentialFigures(sequential), concurrent_10: concurrentFigures(concurrent) };
}

async function repeat(label, times, target) {
  const runs = [];
  for (let run = 1; run <= times; run++) {
    runs.push(await measured(() => load(target)));
    const { rps, latencyMs, errors } = runs.at(-1).value;
    log(label, `run ${run}/${times} ${rps} req/s`, percentiles(latencyMs), `stalls>1s ${stalls(runs.slice(-1))} errors ${errors}`);
  }
  return runs;
}

function sequentialFigures(runs) {
  return {
    all_calls_ms: distribution(runs.flatMap(({ value }) => value.durations)),
    stalls_over_1s: stalls(runs),
    p50_ms: latency(runs, 'p50'),
    p95_ms: latency(runs, 'p95'),
    calls_per_s: spread(runs.map(({ value }) => value.rps)),
    errors: errors(runs),
  };
}

function concurrentFigures(runs) {
  return {
    rps: spread(runs.map(({ value }) => value.rps)),
    p50_ms: latency(runs, 'p50'),
    p95_ms: latency(runs, 'p95'),
    max_ms: latency(runs, 'max'),
    stalls_over_1s: stalls(runs),
    errors: errors(runs),
    cpu_ms_per_action: cpuPerUnit(
      runs,
      sum(runs, ({ value }) => value.requests),
    ),
  };
}

const latency = (runs, percentile) => spread(runs.map(({ value }) => value.latencyMs[percentile]));
const errors = (runs) => sum(runs, ({ value }) => value.errors);
const stalls = (runs) => sum(runs, ({ value }) => value.durations.filter((duration) => duration > stallMs).length);
