// Turns the harness' JSON into the table that `pnpm bench` prints.

/**
 * Rows: where the figure stands in the harness' output, whether less is better, the goal, and what the machine itself
 * did in the same run: `limit` in the output of limits.mjs, `bare` in the harness' own. `share` is a goal in percent of that.
 */
const rows = [
  { at: 'action.noop.sequential.p50_ms', title: 'action, no-op, sequential: p50 ms', less: true, goal: 30, limit: 'temporal_standalone_ms.p50' },
  { at: 'action.noop.sequential.p95_ms', title: 'action, no-op, sequential: p95 ms', less: true, goal: 80 },
  { at: 'action.noop.sequential.stalls_over_1s', title: 'action, no-op, sequential: calls over 1 s', less: true, goal: 0 },
  { at: 'action.noop.concurrent_10.rps', title: 'action, no-op, 10 at once: per s', limit: 'temporal_standalone_c10_per_s', share: 60 },
  { at: 'action.one_proxy_call.sequential.p50_ms', title: 'action with one call, sequential: p50 ms', less: true },
  { at: 'action.one_proxy_call.concurrent_10.rps', title: 'action with one call, 10 at once: per s' },
  { at: 'sync.first.records_per_s', title: 'sync, first: records/s', limit: 'pg_upsert_first_rec_per_s', goal: 22_000 },
  { at: 'sync.unchanged.records_per_s', title: 'sync, unchanged: records/s', limit: 'pg_upsert_unchanged_hash_first_rec_per_s', goal: 44_000 },
  { at: 'sync.changed_10pct.records_per_s', title: 'sync, 10% changed: records/s', limit: 'pg_upsert_changed_10pct_rec_per_s', goal: 33_000 },
  { at: 'bare_store.first.records_per_s', title: 'bare store, first: records/s', limit: 'pg_upsert_first_rec_per_s' },
  { at: 'bare_store.unchanged.records_per_s', title: 'bare store, unchanged: records/s', limit: 'pg_upsert_unchanged_hash_first_rec_per_s' },
  { at: 'bare_store.changed_10pct.records_per_s', title: 'bare store, 10% changed: records/s', limit: 'pg_upsert_changed_10pct_rec_per_s' },
  { at: 'bare_store.page_100.records_per_s', title: 'bare store, pages of 100: records/s', limit: 'pg_page_100.rec_per_s' },
  { at: 'bare_store.page_1000.records_per_s', title: 'bare store, pages of 1000: records/s', limit: 'pg_page_1000.rec_per_s' },
  { at: 'records.limit_100.records_per_s', title: '/records, limit 100: records/s', limit: 'pg_page_100.rec_per_s', goal: 34_000 },
  { at: 'records.limit_1000.records_per_s', title: '/records, limit 1000: records/s', limit: 'pg_page_1000.rec_per_s', goal: 72_000 },
  { at: 'proxy.proxy_c1.rps', title: 'proxy, 67 bytes, c=1: req/s', bare: 'proxy.pass_through_c1.rps', share: 80 },
  { at: 'proxy.proxy_c32.rps', title: 'proxy, 67 bytes, c=32: req/s', bare: 'proxy.pass_through_c32.rps', share: 80 },
  { at: 'proxy.proxy_286k_c4.rps', title: 'proxy, 286 KB, c=4: req/s', bare: 'proxy.pass_through_286k_c4.rps', share: 75 },
  { at: 'proxy.added_ms.proxy', title: 'proxy, 67 bytes, c=1: p50 ms more than the bare one', less: true, goal: 0.5 },
  { at: 'proxy.server_c1.rps', title: 'through the server, 67 bytes, c=1: req/s', bare: 'proxy.pass_through_c1.rps', share: 50 },
  { at: 'proxy.server_c32.rps', title: 'through the server, 67 bytes, c=32: req/s', bare: 'proxy.pass_through_c32.rps', share: 50 },
  { at: 'proxy.server_286k_c4.rps', title: 'through the server, 286 KB, c=4: req/s', bare: 'proxy.pass_through_286k_c4.rps', share: 50 },
  { at: 'connection.c1.rps', title: 'GET /connection/{id}, c=1: req/s' },
  { at: 'connection.c16.rps', title: 'GET /connection/{id}, c=16: req/s', goal: 4_000 },
  { at: 'connection.c16.p50_ms', title: 'GET /connection/{id}, c=16: p50 ms', less: true },
  { at: 'connection.c16.p95_ms', title: 'GET /connection/{id}, c=16: p95 ms', less: true, goal: 15 },
  { at: 'connection.ordinary_c16.rps', title: 'GET /connection/{id}, with its refresh token, c=16: req/s' },
  { at: 'connection.ordinary_c16.p95_ms', title: 'GET /connection/{id}, with its refresh token, c=16: p95 ms', less: true },
];
const header = ['row', 'here', 'goal', 'peer', 'to peer', "to the machine's limit"];

/** One line per measured row: figure, goal, peer, ratio to the peer (above 1 is better), share of what the machine itself did in this run. */
export function table({ results, limits, peer }) {
  const measured = rows.filter(({ at }) => isNumber(figure(results, at)));
  const lines = [header, ...measured.map((row) => cells(row, { results, limits, peer }))];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]));
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

function cells(row, { results, limits, peer }) {
  const here = figure(results, row.at);
  const theirs = peer.rows[row.at];
  const machine = row.limit ? figure(limits, row.limit) : row.bare && figure(results, row.bare);
  return [row.title, shown(here), goal(row, here, machine), shown(theirs), toPeer(row, here, theirs), toMachine(here, machine)];
}

function goal({ goal, share, less }, here, machine) {
  if (share !== undefined && isNumber(machine)) return `>= ${share}% of limit ${here >= (machine * share) / 100 ? 'met' : 'MISSED'}`;
  if (goal === undefined) return '';
  const met = less ? here <= goal : here >= goal;
  return `${less ? '<=' : '>='} ${goal} ${met ? 'met' : 'MISSED'}`;
}

function toPeer({ less }, here, theirs) {
  const ratio = less ? theirs / here : here / theirs;
  return Number.isFinite(ratio) ? `${shown(ratio)}x` : '';
}

function toMachine(here, machine) {
  return isNumber(machine) ? `${Math.round((here / machine) * 100)}% of ${shown(machine)}` : '';
}

/** A figure by its path: a number, or the median of repeats. */
function figure(tree, path) {
  const found = path.split('.').reduce((node, key) => node?.[key], tree);
  return isNumber(found) ? found : found?.median;
}

const isNumber = (value) => typeof value === 'number';
const shown = (value) => (isNumber(value) ? String(Math.round(value * 10) / 10) : '');
