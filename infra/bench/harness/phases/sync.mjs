import { setTimeout as sleep } from 'node:timers/promises';
import { callJson } from '../client.mjs';
import { cpuSpread, noiseOf, peakMemory } from '../measured.mjs';
import { settings } from '../settings.mjs';
import { spread } from '../statistics.mjs';
import { serveData, syncRun } from '../sync-run.mjs';

/** Time for the server to make the sync of a new connection. */
const settleMs = 1500;

/** Syncs of all records of the mock API into a new connection: for the first time, again unchanged, and with a tenth changed. */
export async function measureSync(out) {
  const runs = { first: [], unchanged: [], changed_10pct: [] };
  await serveData({ reset: true, total: settings.total });
  for (let repeat = 0; repeat < settings.syncRepeats; repeat++) {
    const connectionId = await aNewConnection(repeat);
    await serveData({ generation: 0, changed_pct: 0, total: settings.total });
    runs.first.push(await syncRun(connectionId, 'first'));
    runs.unchanged.push(await syncRun(connectionId, 'unchanged'));
    await serveData({ generation: repeat + 1, changed_pct: 10 });
    runs.changed_10pct.push(await syncRun(connectionId, '10% changed'));
    out.last_sync_connection = connectionId;
  }
  const figures = Object.entries(runs).map(([kind, ofKind]) => [kind, figuresOf(ofKind)]);
  return { noise_pct: noiseOf(Object.values(runs).flat()), ...Object.fromEntries(figures) };
}

async function aNewConnection(repeat) {
  const connectionId = `bench-${Date.now()}-${repeat}`;
  await callJson('POST', '/connections', { body: { ...settings.connectionTemplate, connection_id: connectionId } });
  await sleep(settleMs);
  return connectionId;
}

function figuresOf(runs) {
  const values = runs.map(({ value }) => value);
  return {
    wall_ms: spread(values.map(({ ms }) => ms)),
    records_per_s: spread(values.map(({ recordsPerS }) => recordsPerS)),
    trigger_accept_ms: spread(values.map(({ acceptedMs }) => acceptedMs)),
    latestResult: values.map(({ latestResult }) => latestResult),
    status: values.map(({ status }) => status),
    mem_mb_peak: peakMemory(runs),
    cpu_ms: cpuSpread(runs),
  };
}
