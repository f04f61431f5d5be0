import { setTimeout as sleep } from 'node:timers/promises';
import { callJson } from './client.mjs';
import { log } from './log.mjs';
import { measured } from './measured.mjs';
import { settings } from './settings.mjs';
import { round } from './statistics.mjs';

const pollMs = 100;
const patienceMs = 15 * 60_000;
const overStates = new Set(['SUCCESS', 'ERROR', 'STOPPED', 'PAUSED']);

/** Triggers the sync of a connection and waits for its end; what `measured` says, with times, status and counts as value. */
export async function syncRun(connectionId, label) {
  const before = await syncOf(connectionId);
  const run = await measured(() => triggerAndWait(connectionId, before));
  const { ms, latestResult, status } = run.value;
  log('sync', label, `${round(ms, 0)} ms = ${round(recordsPerS(ms), 0)} records/s`, JSON.stringify(latestResult), status);
  return { ...run, value: { ...run.value, ms: round(ms, 1), recordsPerS: round(recordsPerS(ms), 1) } };
}

/** Tells the mock API which data to serve from now on. */
export async function serveData(data) {
  await callJson('POST', '/control', { base: settings.mockUrl, body: data });
}

const recordsPerS = (ms) => (settings.total / ms) * 1000;

/** The state of the connection's sync, which the server may need a moment to make for a new connection. */
async function syncOf(connectionId) {
  for (let attempt = 0; attempt < 150; attempt++) {
    const sync = await status(connectionId).catch(() => undefined);
    if (sync) return sync;
    await sleep(200);
  }
  throw new Error(`connection ${connectionId} has no sync ${settings.sync} after 30 s`);
}

async function triggerAndWait(connectionId, before) {
  const startedAt = performance.now();
  const startedAtClock = Date.now();
  await callJson('POST', '/sync/trigger', {
    body: { provider_config_key: settings.providerConfigKey, connection_id: connectionId, syncs: [settings.sync] },
  });
  const acceptedMs = performance.now() - startedAt;
  while (performance.now() - startedAt < patienceMs) {
    await sleep(pollMs);
    const sync = await status(connectionId);
    const finishedNow = sync?.finishedAt && sync.finishedAt !== before.finishedAt && Date.parse(sync.finishedAt) >= startedAtClock - 50;
    if (finishedNow && overStates.has(sync.status))
      return { ms: performance.now() - startedAt, acceptedMs, status: sync.status, latestResult: sync.latestResult };
  }
  throw new Error(`the sync of ${connectionId} did not end within ${patienceMs / 60_000} minutes`);
}

async function status(connectionId) {
  const query = new URLSearchParams({ provider_config_key: settings.providerConfigKey, connection_id: connectionId, syncs: settings.sync });
  const { syncs } = await callJson('GET', `/sync/status?${query}`);
  return syncs[0];
}
