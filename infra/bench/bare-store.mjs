// What the record store does by itself, as JSON: the batches of a sync straight into the repository, no jail, no HTTP.
//   PGURL=postgres://... TOTAL=100000 node bare-store.mjs
// Every batch comes as the bytes of its JSON and is parsed here, as the orchestrator does; encrypted as in earnest.
import { round, spread } from './harness/statistics.mjs';
import { batchesOf } from './bare-store/batches.mjs';
import { measurePages } from './bare-store/pages.mjs';
import { openPlace } from './bare-store/place.mjs';
import { saveAll } from './bare-store/saves.mjs';

const total = Number(process.env.TOTAL ?? 100_000);
const repeats = Number(process.env.SYNC_REPEATS ?? 3);
const place = await openPlace(process.env.PGURL);
const kinds = { first: { generation: 0, changedPct: 0 }, unchanged: { generation: 0, changedPct: 0 }, changed_10pct: { changedPct: 10 } };
const runs = { first: [], unchanged: [], changed_10pct: [] };
const cpu = { first: [], unchanged: [], changed_10pct: [] };
const pages = { 100: [], 1000: [] };
try {
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const scope = await place.aConnection();
    for (const [kind, data] of Object.entries(kinds)) {
      const { perSecond, cpuMs } = await saveAll(place, scope, batchesOf({ total, generation: repeat + 1, ...data }));
      if (repeat === 0) continue; // warm-up
      runs[kind].push(perSecond);
      cpu[kind].push(cpuMs);
    }
    for (const limit of [100, 1000]) {
      const perSecond = await measurePages(place, scope, limit);
      if (repeat > 0) pages[limit].push(perSecond);
    }
  }
  const saves = Object.fromEntries(Object.keys(runs).map((kind) => [kind, { records_per_s: spread(runs[kind], 0), own_cpu_ms: spread(cpu[kind], 0) }]));
  const read = Object.fromEntries([100, 1000].map((limit) => [`page_${limit}`, { records_per_s: spread(pages[limit], 0) }]));
  console.log(JSON.stringify({ total, took_s: round(performance.now() / 1000, 1), ...saves, ...read }, null, 1));
} finally {
  await place.close();
}
