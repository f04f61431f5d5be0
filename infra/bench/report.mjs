// Turns the harness' JSON into the table that `pnpm bench` prints.

/** Rows: where the figure stands in the harness' output, the machine's own limit to hold it against, and whether less is better. */
const rows = [
  { at: 'action.noop.sequential.p50_ms', title: 'action, no-op, sequential: p50 ms', less: true },
  { at: 'action.noop.sequential.p95_ms', title: 'action, no-op, sequential: p95 ms', less: true },
  { at: 'action.noop.sequential.stalls_over_1s', title: 'action, no-op: calls over 1 s', less: true },
  { at: 'action.noop.concurrent_10.rps', title: 'action, no-op, 10 at once: per s' },
  { at: 'action.one_proxy_call.sequential.p50_ms', title: 'action with one call, sequential: p50 ms', less: true },
  { at: 'action.one_proxy_call.concurrent_10.rps', title: 'action with one call, 10 at once: per s' },
  { at: 'sync.first.records_per_s', title: 'sync, first: records/s', limit: 'pg_upsert_first_rec_per_s.median' },
  { at: 'sync.unchanged.records_per_s', title: 'sync, unchanged: records/s', limit: 'pg_upsert_unchanged_hash_first_rec_per_s.median' },
  { at: 'sync.changed_10pct.records_per_s', title: 'sync, 10% changed: records/s', limit: 'pg_upsert_changed_10pct_rec_per_s.median' },
  { at: 'records.limit_100.records_per_s', title: '/records, limit 100: records/s', limit: 'pg_page_100.rec_per_s' },
  { at: 'records.limit_1000.records_per_s', title: '/records, limit 1000: records/s', limit: 'pg_page_1000.rec_per_s' },
  { at: 'proxy.proxy_c1.rps', title: 'proxy, c=1: req/s', direct: 'proxy.direct_c1.rps' },
  { at: 'proxy.proxy_c32.rps', title: 'proxy, c=32: req/s', direct: 'proxy.direct_c32.rps' },
  { at: 'connection.c1.rps', title: 'GET /connection/{id}, c=1: req/s' },
  { at: 'connection.c16.rps', title: 'GET /connection/{id}, c=16: req/s' },
];

const figure = (value) => (value !== null && typeof value === 'object' ? value.median : value);
const read = (tree, path) => figure(path.split('.').reduce((node, key) => node?.[key], tree));
const round = (value) => (value === undefined || value === null ? '' : String(Math.round(value * 10) / 10));
const ratio = (row, ours, other) => (other ? `${round(row.less ? other / ours : ours / other)}x` : '');

/** One line per measured row: figure, peer, ratio to the peer, ratio to what the machine itself did in this run. */
export function table(results, limits, peer) {
  const lines = [['row', 'here', 'peer', 'to peer', "to the machine's limit"]];
  for (const row of rows) {
    const ours = read(results, row.at);
    if (ours === undefined || ours === null) continue;
    const bare = row.limit ? read(limits, row.limit) : row.direct ? read(results, row.direct) : undefined;
    lines.push([
      row.title,
      round(ours),
      round(peer.rows[row.at]),
      ratio(row, ours, peer.rows[row.at]),
      bare ? `${Math.round((ours / bare) * 100)}% of ${round(bare)}` : '',
    ]);
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ')).join('\n');
}
