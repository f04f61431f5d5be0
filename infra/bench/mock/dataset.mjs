import { record } from './record.mjs';

// The records that the mock API serves: `total` of them, the same on every read while `generation` is unchanged.
// With { generation: g, changedPct: p } exactly p% of them (i % 100 < p) carry `rev: g`, so that a second sync sees p% updated.
const original = { total: 100_000, generation: 0, changedPct: 0, latencyMs: 0 };
const syncedPageSize = 1000;
const maxPages = 400;

/** What the mock serves now. */
export const dataset = { ...original };
/** Rendered pages, so that the mock is never what a benchmark waits for. */
const pages = new Map();

/** Changes the data, and renders the pages a sync will ask for unless `warm` is false. */
export function control({ reset, total, generation, changed_pct: changedPct, latency_ms: latencyMs, warm }) {
  const changes = Object.entries({ total, generation, changedPct, latencyMs }).filter(([, value]) => value !== undefined);
  Object.assign(dataset, reset ? original : {}, Object.fromEntries(changes));
  pages.clear();
  if (warm !== false) renderSyncedPages();
  return dataset;
}

/** Renders the pages that a sync reads. */
export function renderSyncedPages() {
  for (let number = 1; number <= Math.ceil(dataset.total / syncedPageSize); number++) page(number, syncedPageSize);
}

/** The body of one page: { page, per_page, total, next_page, records }. */
export function page(number, size) {
  const key = `${number}|${size}`;
  if (!pages.has(key)) {
    if (pages.size > maxPages) pages.clear();
    pages.set(key, render(number, size));
  }
  return pages.get(key);
}

function render(number, size) {
  const { total } = dataset;
  const from = (number - 1) * size;
  const to = Math.min(from + size, total);
  const records = Array.from({ length: Math.max(0, to - from) }, (_, offset) => record(from + offset, dataset));
  return Buffer.from(JSON.stringify({ page: number, per_page: size, total, next_page: to < total ? number + 1 : null, records }));
}
