// A small deterministic JSON API: the external provider of the benchmarks. No dependencies.
//   node mock-api.mjs [--host 127.0.0.1] [--port 4010]
//
//   GET  /ping                         tiny JSON (67 bytes), used for the proxy benchmark
//   ANY  /echo                         echoes method, path, query, headers and body
//   GET  /json?bytes=N                 JSON document of about N bytes
//   GET  /records?page=P&per_page=N    a page of records; {page, per_page, total, next_page, records:[...]}
//   GET  /records/count                {total, generation, changed_pct}
//   POST /control {total?,changed_pct?,generation?,latency_ms?,reset?,warm?}   changes the data
//   GET  /stats                        counters (requests, bytes)
import http from 'node:http';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { control, dataset, page, renderSyncedPages } from './mock/dataset.mjs';

const { values } = parseArgs({ options: { host: { type: 'string' }, port: { type: 'string' } } });
const host = values.host || process.env.MOCK_HOST || '127.0.0.1';
const port = Number(values.port || process.env.MOCK_PORT || 4010);

const stats = { requests: 0, bytes: 0, byPath: {} };
const pong = Buffer.from(JSON.stringify({ ok: true, message: 'pong', service: 'mock-api', version: '1.0.0' }));

/** What each path answers: a body as bytes, or something to make JSON of. */
const routes = {
  '/ping': () => pong,
  '/echo': async (request, { pathname, searchParams }) => ({
    method: request.method,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: request.headers,
    body: await text(request),
  }),
  '/json': (_, { searchParams }) => ({ data: 'x'.repeat(Math.max(0, Number(searchParams.get('bytes') || 1024) - 11)) }),
  '/records': (_, { searchParams }) => page(Number(searchParams.get('page') || 1), Number(searchParams.get('per_page') || 1000)),
  '/records/count': () => ({ total: dataset.total, generation: dataset.generation, changed_pct: dataset.changedPct }),
  '/control': async (request) => control(JSON.parse((await text(request)) || '{}')),
  '/stats': () => stats,
};

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock');
  stats.requests++;
  stats.byPath[url.pathname] = (stats.byPath[url.pathname] || 0) + 1;
  try {
    if (dataset.latencyMs > 0 && url.pathname !== '/control') await sleep(dataset.latencyMs);
    const route = routes[url.pathname];
    if (route) send(response, 200, await route(request, url));
    else send(response, 404, { error: 'not_found', path: url.pathname });
  } catch (error) {
    send(response, 500, { error: String(error) });
  }
});

function send(response, status, content) {
  const body = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  stats.bytes += body.length;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

async function text(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

server.keepAliveTimeout = 60_000;
server.listen(port, host, () => {
  renderSyncedPages();
  console.log(`mock-api on http://${host}:${port} pid ${process.pid}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
