import { keepAliveAgent, request } from '../client.mjs';
import { log } from '../log.mjs';
import { cpuSpread, measured, noiseOf } from '../measured.mjs';
import { onBehalfOf, settings } from '../settings.mjs';
import { distribution, round, spread } from '../statistics.mjs';
import { serveData, syncRun } from '../sync-run.mjs';

/** Listing a connection's records to the end, page by page. */
export async function measureRecords(out) {
  const connection = settings.recordsConnectionId ?? out.last_sync_connection ?? (await aFilledConnection());
  const agent = keepAliveAgent(1);
  const listing = { agent, headers: onBehalfOf(connection) };
  const figures = { connection };
  for (const limit of [100, 1000]) figures[`limit_${limit}`] = await measureListing({ ...listing, limit });
  agent.destroy();
  return figures;
}

/** The given connection, synced once if it has no records yet. */
async function aFilledConnection() {
  const { connectionId, total } = settings;
  const agent = keepAliveAgent(1);
  const { records } = await page({ agent, headers: onBehalfOf(connectionId), limit: 1 }, null);
  agent.destroy();
  if (records.length > 0) return connectionId;
  await serveData({ reset: true, total });
  await syncRun(connectionId, 'to have records to list');
  return connectionId;
}

async function measureListing(listing) {
  const { limit } = listing;
  const runs = [];
  for (let run = 0; run <= Math.min(settings.repeats, 3); run++) {
    runs.push(await measured(() => listAll(listing)));
    const { wallMs, value } = runs.at(-1);
    const figures = `${value.listed} records in ${wallMs} ms = ${round((value.listed / wallMs) * 1000, 0)} records/s`;
    log('records', `limit=${limit}`, figures, `page p50 ${distribution(value.durations).p50}`, run === 0 ? '(warm-up)' : '');
  }
  const [, ...counted] = runs;
  return {
    records_listed: counted[0].value.listed,
    bytes: counted[0].value.bytes,
    records_per_s: spread(counted.map(({ value, wallMs }) => (value.listed / wallMs) * 1000)),
    noise_pct: noiseOf(runs, ['nice', 'steal']),
    page_ms: distribution(counted.flatMap(({ value }) => value.durations)),
    cpu_ms: cpuSpread(counted),
  };
}

async function listAll(listing) {
  const seen = { listed: 0, bytes: 0, durations: [] };
  const maxPages = listing.limit === 100 ? settings.maxPagesOf100 : Infinity;
  let cursor = null;
  for (let count = 0; count < maxPages; count++) {
    const { records, next, bytes, ms } = await page(listing, cursor);
    seen.listed += records.length;
    seen.bytes += bytes;
    seen.durations.push(ms);
    cursor = next;
    if (!cursor) break;
  }
  return seen;
}

async function page({ agent, headers, limit }, cursor) {
  const from = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
  const sentAt = performance.now();
  const { status, body } = await request(agent, { url: `${settings.baseUrl}/records?model=${settings.model}&limit=${limit}${from}`, headers });
  const ms = performance.now() - sentAt;
  if (status !== 200) throw new Error(`GET /records answered ${status}: ${body.toString().slice(0, 300)}`);
  const { records, next_cursor: next } = JSON.parse(body.toString());
  return { records, next, bytes: body.length, ms };
}
