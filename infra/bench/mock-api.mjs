// Small deterministic JSON API used as the "external provider" in the benchmarks.
// No dependencies. Usage:
//   node mock-api.mjs [--host 127.0.0.1] [--port 4010] [--workers 1]
//
// Endpoints
//   GET  /ping                         tiny JSON (62 bytes), used for the proxy benchmark
//   ANY  /echo                         echoes method, path, query, and request headers
//   GET  /json?bytes=N                 JSON document of about N bytes
//   GET  /records?page=P&per_page=N    page of records; {page, per_page, total, next_page, records:[...]}
//   GET  /records/count                {total, generation}
//   POST /control {total?,changed_pct?,generation?,latency_ms?,reset?}   change the dataset
//   GET  /stats                        counters (requests, bytes)
//
// Dataset: `total` records. Record i is the same on every read while `generation` is unchanged.
// With {generation: g, changed_pct: p}, exactly p% of the records (i % 100 < p) carry the field
// `rev: g` (others stay at rev 0), so a second sync sees p% updated and the rest unchanged.
import http from 'node:http';

const args = Object.fromEntries(
  process.argv
    .slice(2)
    .join(' ')
    .split('--')
    .filter(Boolean)
    .map((s) => s.trim().split(/[ =]/)),
);
const HOST = args.host || process.env.MOCK_HOST || '127.0.0.1';
const PORT = Number(args.port || process.env.MOCK_PORT || 4010);

const state = { total: 100_000, generation: 0, changedPct: 0, latencyMs: 0 };
const stats = { requests: 0, bytes: 0, byPath: {} };

const LOREM = 'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor';
function record(i) {
  const changed = state.generation > 0 && i % 100 < state.changedPct;
  // about 300 bytes of JSON
  return {
    id: `rec_${String(i).padStart(8, '0')}`,
    name: `Contact number ${i}`,
    email: `user${i}@example.com`,
    company: `Company ${i % 997}`,
    amount: (i * 37) % 10007,
    active: i % 3 !== 0,
    rev: changed ? state.generation : 0,
    created_at: new Date(1700000000000 + i * 1000).toISOString(),
    tags: ['alpha', 'beta', `t${i % 17}`],
    note: LOREM.slice(0, 60 + (i % 16)),
  };
}
const pageCache = new Map(); // so that the mock never is the bottleneck
function page(p, n) {
  const key = `${p}|${n}|${state.total}|${state.generation}|${state.changedPct}`;
  let body = pageCache.get(key);
  if (!body) {
    const from = (p - 1) * n;
    const to = Math.min(from + n, state.total);
    const records = [];
    for (let i = from; i < to; i++) records.push(record(i));
    body = Buffer.from(JSON.stringify({ page: p, per_page: n, total: state.total, next_page: to < state.total ? p + 1 : null, records }));
    if (pageCache.size > 400) pageCache.clear();
    pageCache.set(key, body);
  }
  return body;
}
const PING = Buffer.from(JSON.stringify({ ok: true, message: 'pong', service: 'mock-api', version: '1.0.0' }));

function send(res, status, body) {
  const buf = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  stats.bytes += buf.length;
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': buf.length });
  res.end(buf);
}
async function readJson(req) {
  let s = '';
  for await (const c of req) s += c;
  return s ? JSON.parse(s) : {};
}

const server = http.createServer(async (req, res) => {
  stats.requests++;
  const u = new URL(req.url, 'http://x');
  stats.byPath[u.pathname] = (stats.byPath[u.pathname] || 0) + 1;
  try {
    if (state.latencyMs > 0 && u.pathname !== '/control') await new Promise((r) => setTimeout(r, state.latencyMs));
    switch (u.pathname) {
      case '/ping':
        return send(res, 200, PING);
      case '/echo': {
        let body = '';
        for await (const c of req) body += c;
        return send(res, 200, { method: req.method, path: u.pathname, query: Object.fromEntries(u.searchParams), headers: req.headers, body });
      }
      case '/json': {
        const n = Number(u.searchParams.get('bytes') || 1024);
        return send(res, 200, { data: 'x'.repeat(Math.max(0, n - 11)) });
      }
      case '/records':
        return send(res, 200, page(Number(u.searchParams.get('page') || 1), Number(u.searchParams.get('per_page') || 1000)));
      case '/records/count':
        return send(res, 200, { total: state.total, generation: state.generation, changed_pct: state.changedPct });
      case '/control': {
        const b = await readJson(req);
        if (b.reset) Object.assign(state, { total: 100_000, generation: 0, changedPct: 0, latencyMs: 0 });
        if (b.total !== undefined) state.total = b.total;
        if (b.generation !== undefined) state.generation = b.generation;
        if (b.changed_pct !== undefined) state.changedPct = b.changed_pct;
        if (b.latency_ms !== undefined) state.latencyMs = b.latency_ms;
        // pre-render the pages a sync will ask for (page size 1000), so first-read cost is not in the timings
        pageCache.clear();
        if (b.warm !== false) for (let p = 1; p <= Math.ceil(state.total / 1000); p++) page(p, 1000);
        return send(res, 200, state);
      }
      case '/stats':
        return send(res, 200, stats);
      default:
        return send(res, 404, { error: 'not_found', path: u.pathname });
    }
  } catch (err) {
    send(res, 500, { error: String(err) });
  }
});
server.keepAliveTimeout = 60_000;
server.listen(PORT, HOST, () => {
  for (let p = 1; p <= Math.ceil(state.total / 1000); p++) page(p, 1000);
  console.log(`mock-api on http://${HOST}:${PORT} pid ${process.pid}`);
});
for (const s of ['SIGINT', 'SIGTERM']) process.on(s, () => process.exit(0));
