#!/usr/bin/env node
// Benchmark for a server that offers the Nango-style public REST API.
// Plain Node >= 20, no dependencies (wrk is used for extra figures when it is on PATH).
//
//   BASE_URL=http://127.0.0.1:3003 SECRET_KEY=... MOCK_URL=http://127.0.0.1:4010 node bench.mjs > out.json
//
// Environment
//   BASE_URL              server under test
//   SECRET_KEY            environment secret key (Bearer)
//   PROVIDER_CONFIG_KEY   integration unique key                    (default bench)
//   CONNECTION_ID         an existing connection                    (default conn-1)
//   CONNECTION_TEMPLATE   JSON body for POST /connections used to make fresh connections for first-run syncs
//   SYNC_NAME             (default bench-sync)   MODEL (default BenchRecord)
//   ACTION_NAME           no-op action           (default noop)
//   ACTION_PROXY_NAME     action with one proxy call (default ping)
//   MOCK_URL              the mock API, reached directly for the base line
//   PHASES                comma list: proxy,action,sync,records,connection (default all)
//   REPEATS               repeats of every load phase (default 5)
//   DURATION              seconds of every load phase (default 5)
//   SYNC_REPEATS          repeats of every sync phase (default 3)
//   TOTAL                 records in the mock (default 100000)
//   PROCS                 name:pid,name:pid ... for RSS and CPU (a name ending in * also counts the children)
import http from 'node:http';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';

const env = process.env;
const BASE = env.BASE_URL || 'http://127.0.0.1:3003';
const KEY = env.SECRET_KEY || '';
const PCK = env.PROVIDER_CONFIG_KEY || 'bench';
const CONN = env.CONNECTION_ID || 'conn-1';
const SYNC = env.SYNC_NAME || 'bench-sync';
const MODEL = env.MODEL || 'BenchRecord';
const NOOP = env.ACTION_NAME || 'noop';
const PING = env.ACTION_PROXY_NAME || 'ping';
const MOCK = env.MOCK_URL || 'http://127.0.0.1:4010';
const PHASES = new Set((env.PHASES || 'proxy,connection,action,sync,records').split(','));
const REPEATS = Number(env.REPEATS || 5);
const DURATION = Number(env.DURATION || 5);
const SYNC_REPEATS = Number(env.SYNC_REPEATS || 3);
const TOTAL = Number(env.TOTAL || 100_000);
const ACTION_N = Number(env.ACTION_N || 100);
const TEMPLATE = env.CONNECTION_TEMPLATE
  ? JSON.parse(env.CONNECTION_TEMPLATE)
  : { provider_config_key: PCK, credentials: { type: 'API_KEY', apiKey: 'mock-secret-key' }, connection_config: { baseUrl: MOCK }, metadata: { total: TOTAL } };

const log = (...a) => console.error(new Date().toISOString().slice(11, 23), ...a);
const AUTH = { authorization: `Bearer ${KEY}` };
const CTX = { ...AUTH, 'provider-config-key': PCK, 'connection-id': CONN };

// ---------- tiny http client ----------
function makeAgent(c) {
  return new http.Agent({ keepAlive: true, maxSockets: c, maxFreeSockets: c });
}
function request(agent, method, url, headers = {}, body) {
  return new Promise((resolve, reject) => {
    const u = new URL(url);
    const data = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const req = http.request(
      {
        agent,
        method,
        host: u.hostname,
        port: u.port,
        path: u.pathname + u.search,
        headers: { ...headers, ...(data ? { 'content-type': 'application/json', 'content-length': data.length } : {}) },
      },
      (res) => {
        const chunks = [];
        res.on('data', (d) => chunks.push(d));
        res.on('end', () => resolve({ status: res.statusCode, body: Buffer.concat(chunks) }));
        res.on('error', reject);
      },
    );
    req.on('error', reject);
    req.end(data);
  });
}
const one = makeAgent(4);
async function json(method, path, { headers = {}, body, base = BASE } = {}) {
  const r = await request(one, method, base + path, { ...(base === BASE ? AUTH : {}), ...headers }, body);
  let parsed;
  try {
    parsed = JSON.parse(r.body.toString());
  } catch {
    parsed = r.body.toString();
  }
  if (r.status >= 400) throw new Error(`${method} ${path} -> ${r.status} ${r.body.toString().slice(0, 400)}`);
  return parsed;
}

// ---------- statistics ----------
const round = (x, d = 3) => (x === undefined || Number.isNaN(x) ? null : Math.round(x * 10 ** d) / 10 ** d);
function pct(sorted, p) {
  if (!sorted.length) return null;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))];
}
function lat(list) {
  const s = [...list].sort((a, b) => a - b);
  return {
    n: s.length,
    min: round(s[0]),
    p50: round(pct(s, 50)),
    p95: round(pct(s, 95)),
    p99: round(pct(s, 99)),
    max: round(s[s.length - 1]),
    mean: round(s.reduce((a, b) => a + b, 0) / s.length),
  };
}
function mmm(list) {
  const s = list.filter((x) => x !== null && x !== undefined).sort((a, b) => a - b);
  if (!s.length) return null;
  const m = s.length % 2 ? s[(s.length - 1) / 2] : (s[s.length / 2 - 1] + s[s.length / 2]) / 2;
  return { min: round(s[0]), median: round(m), max: round(s[s.length - 1]), n: s.length };
}

// ---------- processes ----------
function childrenOf(pid) {
  const out = [];
  for (const d of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(d)) continue;
    try {
      const st = fs.readFileSync(`/proc/${d}/stat`, 'utf8');
      const f = st.slice(st.lastIndexOf(')') + 2).split(' ');
      if (Number(f[1]) === pid) out.push(Number(d));
    } catch {}
  }
  return out;
}
function procList() {
  return (env.PROCS || '')
    .split(',')
    .filter(Boolean)
    .map((s) => {
      const [name, pid] = s.split(':');
      return { name: name.replace(/\*$/, ''), pid: Number(pid), kids: name.endsWith('*') };
    });
}
function readProc(pid) {
  try {
    const st = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const f = st.slice(st.lastIndexOf(')') + 2).split(' ');
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    const kb = (k) => Number((status.match(new RegExp(`^${k}:\\s+(\\d+)`, 'm')) || [])[1] || 0);
    const pss = (() => {
      try {
        return Number((fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m) || [])[1] || 0);
      } catch {
        return 0;
      }
    })();
    return { cpuMs: (Number(f[11]) + Number(f[12])) * 10, rssMb: kb('VmRSS') / 1024, hwmMb: kb('VmHWM') / 1024, pssMb: pss / 1024 };
  } catch {
    return { cpuMs: 0, rssMb: 0, hwmMb: 0, pssMb: 0 };
  }
}
function procSnapshot() {
  const snap = {};
  for (const p of procList()) {
    const pids = p.kids ? [p.pid, ...childrenOf(p.pid)] : [p.pid];
    const all = pids.map(readProc);
    const sum = (k) => all.reduce((a, b) => a + b[k], 0);
    // of a process family, pss is the fair sum (shared pages counted once); of one process, rss
    snap[p.name] = { cpuMs: sum('cpuMs'), memMb: p.kids ? sum('pssMb') : all[0].rssMb, hwmMb: p.kids ? null : all[0].hwmMb };
  }
  return snap;
}
function cpuStat() {
  const f = fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
  return { user: f[0], nice: f[1], system: f[2], idle: f[3] + f[4], steal: f[7], total: f.slice(0, 8).reduce((a, b) => a + b, 0) };
}
// share of machine CPU that went to niced processes (other work on the box) and was stolen by the hypervisor
const noise = [];
async function withProcs(fn) {
  const before = procSnapshot();
  const cpu0 = cpuStat();
  const peak = {};
  const t = setInterval(() => {
    const s = procSnapshot();
    for (const k of Object.keys(s)) peak[k] = Math.max(peak[k] || 0, s[k].memMb);
  }, 500);
  const t0 = performance.now();
  try {
    const value = await fn();
    const wall = performance.now() - t0;
    const after = procSnapshot();
    const cpu1 = cpuStat();
    const d = (k) => round(((cpu1[k] - cpu0[k]) / Math.max(1, cpu1.total - cpu0.total)) * 100, 1);
    noise.push({ nice: d('nice'), steal: d('steal'), idle: d('idle') });
    const procs = {};
    for (const k of Object.keys(after))
      procs[k] = {
        cpu_ms: after[k].cpuMs - (before[k]?.cpuMs || 0),
        cpu_pct: round(((after[k].cpuMs - (before[k]?.cpuMs || 0)) / wall) * 100, 1),
        mem_mb_end: round(after[k].memMb, 1),
        mem_mb_peak: round(Math.max(peak[k] || 0, after[k].memMb), 1),
      };
    return { value, procs, wall_ms: round(wall, 1) };
  } finally {
    clearInterval(t);
  }
}

// ---------- load generation ----------
async function load({ url, method = 'GET', headers, body, c, seconds, count }) {
  const agent = makeAgent(c);
  const latencies = [];
  let errors = 0;
  let bytes = 0;
  const end = seconds ? performance.now() + seconds * 1000 : Infinity;
  let left = count ?? Infinity;
  const t0 = performance.now();
  async function worker() {
    while (performance.now() < end && left-- > 0) {
      const s = performance.now();
      try {
        const r = await request(agent, method, url, headers, body);
        if (r.status >= 400) errors++;
        bytes += r.body.length;
      } catch {
        errors++;
      }
      latencies.push(performance.now() - s);
    }
  }
  await Promise.all(Array.from({ length: c }, worker));
  const wall = performance.now() - t0;
  agent.destroy();
  return { c, requests: latencies.length, errors, rps: round((latencies.length / wall) * 1000, 1), bytes, latency_ms: lat(latencies), raw: latencies };
}
const WRK_SCRIPT = path.join(os.tmpdir(), `bench-${process.pid}.lua`);
const hasWrk = spawnSync('which', ['wrk']).status === 0 && env.NO_WRK !== '1';
function wrk({ url, headers, c, seconds }) {
  const a = ['-t', '1', '-c', String(c), '-d', `${seconds}s`, '--latency', '--timeout', '30s', '-s', WRK_SCRIPT];
  fs.writeFileSync(
    WRK_SCRIPT,
    `done = function(s, l, r)
 io.write(string.format("@@%d %d %d %d %d %.3f %.3f %.3f %.3f\\n", s.requests, s.duration, s.errors.status, s.errors.timeout, s.errors.read + s.errors.connect + s.errors.write, l:percentile(50)/1000, l:percentile(95)/1000, l:percentile(99)/1000, l.max/1000))
end`,
  );
  for (const [k, v] of Object.entries(headers || {})) a.push('-H', `${k}: ${v}`);
  a.push(url);
  const out = execFileSync('wrk', a, { encoding: 'utf8' });
  const m = out.match(/@@(\d+) (\d+) (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)/);
  return { c, requests: +m[1], rps: round((+m[1] / +m[2]) * 1e6, 1), errors: +m[3] + +m[4] + +m[5], p50: +m[6], p95: +m[7], p99: +m[8], max: +m[9] };
}
async function repeated(label, opts, { repeats = REPEATS, wrkToo = true } = {}) {
  log(label, 'warm-up');
  await load({ ...opts, seconds: opts.count ? undefined : 2 });
  noise.length = 0;
  const runs = [];
  const procs = [];
  for (let i = 0; i < repeats; i++) {
    const r = await withProcs(() => load(opts));
    delete r.value.raw;
    runs.push(r.value);
    procs.push(r);
    log(
      label,
      `c=${opts.c}`,
      `run ${i + 1}/${repeats}`,
      `${r.value.rps} req/s p50 ${r.value.latency_ms.p50} p95 ${r.value.latency_ms.p95} p99 ${r.value.latency_ms.p99} max ${r.value.latency_ms.max} err ${r.value.errors}`,
    );
  }
  const res = {
    c: opts.c,
    rps: mmm(runs.map((r) => r.rps)),
    p50_ms: mmm(runs.map((r) => r.latency_ms.p50)),
    p95_ms: mmm(runs.map((r) => r.latency_ms.p95)),
    p99_ms: mmm(runs.map((r) => r.latency_ms.p99)),
    max_ms: mmm(runs.map((r) => r.latency_ms.max)),
    errors: runs.reduce((a, r) => a + r.errors, 0),
    requests: runs.reduce((a, r) => a + r.requests, 0),
    noise_pct: { nice: mmm(noise.map((n) => n.nice)), steal: mmm(noise.map((n) => n.steal)), idle: mmm(noise.map((n) => n.idle)) },
    cpu_ms_per_request: {},
    mem_mb_peak: {},
  };
  for (const k of Object.keys(procs[0].procs)) {
    res.cpu_ms_per_request[k] = round(procs.reduce((a, p) => a + p.procs[k].cpu_ms, 0) / res.requests);
    res.mem_mb_peak[k] = Math.max(...procs.map((p) => p.procs[k].mem_mb_peak));
  }
  if (wrkToo && hasWrk && (opts.method || 'GET') === 'GET' && !opts.count) {
    const w = [];
    for (let i = 0; i < Math.min(3, repeats); i++) w.push(wrk({ url: opts.url, headers: opts.headers, c: opts.c, seconds: opts.seconds }));
    res.wrk = {
      rps: mmm(w.map((x) => x.rps)),
      p50_ms: mmm(w.map((x) => x.p50)),
      p95_ms: mmm(w.map((x) => x.p95)),
      p99_ms: mmm(w.map((x) => x.p99)),
      errors: w.reduce((a, x) => a + x.errors, 0),
    };
    log(label, `c=${opts.c}`, `wrk ${res.wrk.rps.median} req/s p50 ${res.wrk.p50_ms.median} p95 ${res.wrk.p95_ms.median}`);
  }
  return res;
}

// ---------- phases ----------
const out = {
  when: new Date().toISOString(),
  base_url: BASE,
  node: process.version,
  cpus: os.cpus().length,
  cpu_model: os.cpus()[0]?.model,
  settings: { REPEATS, DURATION, SYNC_REPEATS, TOTAL, ACTION_N },
  idle: procSnapshot(),
};

if (PHASES.has('proxy')) {
  out.proxy = {};
  for (const c of [1, 32]) {
    out.proxy[`direct_c${c}`] = await repeated('direct', { url: `${MOCK}/ping`, c, seconds: DURATION, headers: {} });
    out.proxy[`proxy_c${c}`] = await repeated('proxy', { url: `${BASE}/proxy/ping`, c, seconds: DURATION, headers: CTX });
  }
  // one larger body
  out.proxy.direct_286k_c4 = await repeated(
    'direct 286k',
    { url: `${MOCK}/records?page=1&per_page=1000`, c: 4, seconds: DURATION, headers: {} },
    { repeats: 3, wrkToo: false },
  );
  out.proxy.proxy_286k_c4 = await repeated(
    'proxy 286k',
    { url: `${BASE}/proxy/records?page=1&per_page=1000`, c: 4, seconds: DURATION, headers: CTX },
    { repeats: 3, wrkToo: false },
  );
}

if (PHASES.has('connection')) {
  const url = `${BASE}/connection/${encodeURIComponent(CONN)}?provider_config_key=${encodeURIComponent(PCK)}`;
  out.connection = {};
  for (const c of [1, 16]) out.connection[`c${c}`] = await repeated('connection', { url, c, seconds: DURATION, headers: AUTH });
}

if (PHASES.has('action')) {
  out.action = {};
  for (const [name, action] of [
    ['noop', NOOP],
    ['one_proxy_call', PING],
  ]) {
    const opts = { url: `${BASE}/action/trigger`, method: 'POST', headers: CTX, body: { action_name: action, input: { n: 1 } } };
    await load({ ...opts, c: 1, count: 10 });
    noise.length = 0;
    const seqRuns = [];
    const all = [];
    for (let i = 0; i < Math.min(REPEATS, 3); i++) {
      const r = await withProcs(() => load({ ...opts, c: 1, count: ACTION_N }));
      const raw = r.value.raw;
      delete r.value.raw;
      all.push(...raw);
      seqRuns.push({ ...r.value, stalls_over_1s: raw.filter((x) => x > 1000).length, procs: r.procs });
      log(
        'action',
        name,
        `seq ${ACTION_N}: p50 ${r.value.latency_ms.p50} p95 ${r.value.latency_ms.p95} max ${r.value.latency_ms.max} stalls>1s ${raw.filter((x) => x > 1000).length} errors ${r.value.errors}`,
      );
    }
    const conc = [];
    for (let i = 0; i < REPEATS; i++) {
      const r = await withProcs(() => load({ ...opts, c: 10, seconds: Math.max(DURATION, 10) }));
      const raw = r.value.raw;
      delete r.value.raw;
      conc.push({ ...r.value, stalls_over_1s: raw.filter((x) => x > 1000).length, procs: r.procs });
      log(
        'action',
        name,
        `c=10: ${r.value.rps} req/s p50 ${r.value.latency_ms.p50} p95 ${r.value.latency_ms.p95} max ${r.value.latency_ms.max} errors ${r.value.errors}`,
      );
    }
    const cpu = {};
    const reqs = conc.reduce((a, x) => a + x.requests, 0);
    for (const k of Object.keys(conc[0].procs)) cpu[k] = round(conc.reduce((a, x) => a + x.procs[k].cpu_ms, 0) / reqs);
    out.action[name] = {
      noise_pct: { nice: mmm(noise.map((n) => n.nice)), steal: mmm(noise.map((n) => n.steal)), idle: mmm(noise.map((n) => n.idle)) },
      sequential: {
        all_calls_ms: lat(all),
        stalls_over_1s: seqRuns.reduce((a, r) => a + r.stalls_over_1s, 0),
        p50_ms: mmm(seqRuns.map((r) => r.latency_ms.p50)),
        p95_ms: mmm(seqRuns.map((r) => r.latency_ms.p95)),
        calls_per_s: mmm(seqRuns.map((r) => r.rps)),
        errors: seqRuns.reduce((a, r) => a + r.errors, 0),
      },
      concurrent_10: {
        rps: mmm(conc.map((r) => r.rps)),
        p50_ms: mmm(conc.map((r) => r.latency_ms.p50)),
        p95_ms: mmm(conc.map((r) => r.latency_ms.p95)),
        max_ms: mmm(conc.map((r) => r.latency_ms.max)),
        stalls_over_1s: conc.reduce((a, r) => a + r.stalls_over_1s, 0),
        errors: conc.reduce((a, r) => a + r.errors, 0),
        cpu_ms_per_action: cpu,
      },
    };
  }
}

async function status(conn) {
  const r = await json(
    'GET',
    `/sync/status?provider_config_key=${encodeURIComponent(PCK)}&connection_id=${encodeURIComponent(conn)}&syncs=${encodeURIComponent(SYNC)}`,
  );
  return r.syncs[0];
}
async function runSync(conn, label) {
  let prev;
  for (let i = 0; i < 150 && !prev; i++) {
    prev = await status(conn).catch(() => undefined); // wait until the server has made the sync of a new connection
    if (!prev) await new Promise((s) => setTimeout(s, 200));
  }
  const r = await withProcs(async () => {
    const t0 = performance.now();
    const wall0 = Date.now();
    await json('POST', '/sync/trigger', { body: { provider_config_key: PCK, connection_id: conn, syncs: [SYNC] } });
    const accepted = performance.now() - t0;
    for (;;) {
      await new Promise((s) => setTimeout(s, 100));
      const s = await status(conn);
      const done =
        s &&
        s.finishedAt &&
        s.finishedAt !== prev?.finishedAt &&
        Date.parse(s.finishedAt) >= wall0 - 50 &&
        ['SUCCESS', 'ERROR', 'STOPPED', 'PAUSED'].includes(s.status);
      if (done) return { ms: performance.now() - t0, accepted_ms: accepted, status: s.status, latestResult: s.latestResult, recordCount: s.recordCount };
      if (performance.now() - t0 > 15 * 60_000) throw new Error('sync did not end within 15 minutes');
    }
  });
  log('sync', label, `${round(r.value.ms, 0)} ms = ${round((TOTAL / r.value.ms) * 1000, 0)} rec/s`, JSON.stringify(r.value.latestResult), r.value.status);
  return { ...r.value, noise: noise[noise.length - 1], ms: round(r.value.ms, 1), records_per_s: round((TOTAL / r.value.ms) * 1000, 1), procs: r.procs };
}

if (PHASES.has('sync')) {
  const runs = { first: [], unchanged: [], changed_10pct: [] };
  noise.length = 0;
  await json('POST', '/control', { base: MOCK, body: { reset: true, total: TOTAL } });
  for (let i = 0; i < SYNC_REPEATS; i++) {
    const conn = `bench-${Date.now()}-${i}`;
    await json('POST', '/connections', { body: { ...TEMPLATE, connection_id: conn } });
    await new Promise((s) => setTimeout(s, 1500)); // let the server create the sync of the new connection
    await json('POST', '/control', { base: MOCK, body: { generation: 0, changed_pct: 0, total: TOTAL } });
    runs.first.push(await runSync(conn, 'first'));
    runs.unchanged.push(await runSync(conn, 'unchanged'));
    await json('POST', '/control', { base: MOCK, body: { generation: i + 1, changed_pct: 10 } });
    runs.changed_10pct.push(await runSync(conn, '10% changed'));
    out.last_sync_connection = conn;
  }
  out.sync = { noise_pct: { nice: mmm(noise.map((n) => n.nice)), steal: mmm(noise.map((n) => n.steal)), idle: mmm(noise.map((n) => n.idle)) } };
  for (const k of Object.keys(runs)) {
    const peak = {};
    const cpu = {};
    for (const r of runs[k])
      for (const p of Object.keys(r.procs)) {
        peak[p] = Math.max(peak[p] || 0, r.procs[p].mem_mb_peak);
        (cpu[p] ||= []).push(r.procs[p].cpu_ms);
      }
    out.sync[k] = {
      wall_ms: mmm(runs[k].map((r) => r.ms)),
      records_per_s: mmm(runs[k].map((r) => r.records_per_s)),
      trigger_accept_ms: mmm(runs[k].map((r) => r.accepted_ms)),
      latestResult: runs[k].map((r) => r.latestResult),
      status: runs[k].map((r) => r.status),
      mem_mb_peak: peak,
      cpu_ms: Object.fromEntries(Object.entries(cpu).map(([p, v]) => [p, mmm(v)])),
    };
  }
}

if (PHASES.has('records')) {
  const conn = env.RECORDS_CONNECTION_ID || out.last_sync_connection || CONN;
  out.records = { connection: conn };
  const agent = makeAgent(1);
  const hdr = { ...AUTH, 'provider-config-key': PCK, 'connection-id': conn };
  for (const limit of [100, 1000]) {
    const runs = [];
    const pages = [];
    noise.length = 0;
    const maxPages = limit === 100 ? Number(env.MAX_PAGES_100 || 1000) : 100000;
    for (let i = 0; i < Math.min(REPEATS, 3) + 1; i++) {
      let cursor = '';
      let n = 0;
      let bytes = 0;
      const l = [];
      const r = await withProcs(async () => {
        for (let p = 0; p < maxPages; p++) {
          const s = performance.now();
          const res = await request(agent, 'GET', `${BASE}/records?model=${MODEL}&limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, hdr);
          l.push(performance.now() - s);
          if (res.status !== 200) throw new Error(`records ${res.status} ${res.body}`);
          bytes += res.body.length;
          const b = JSON.parse(res.body);
          n += b.records.length;
          cursor = b.next_cursor;
          if (!cursor) break;
        }
      });
      log(
        'records',
        `limit=${limit}`,
        `${n} records in ${r.wall_ms} ms = ${round((n / r.wall_ms) * 1000, 0)} rec/s, page p50 ${lat(l).p50}`,
        i === 0 ? '(warm-up)' : '',
      );
      if (i === 0) continue;
      runs.push({ n, rps: (n / r.wall_ms) * 1000, bytes, l: lat(l), procs: r.procs });
      pages.push(...l);
    }
    out.records[`limit_${limit}`] = {
      records_listed: runs[0].n,
      bytes: runs[0].bytes,
      records_per_s: mmm(runs.map((r) => r.rps)),
      noise_pct: { nice: mmm(noise.map((n) => n.nice)), steal: mmm(noise.map((n) => n.steal)) },
      page_ms: lat(pages),
      cpu_ms: Object.fromEntries(Object.keys(runs[0].procs).map((k) => [k, mmm(runs.map((r) => r.procs[k].cpu_ms))])),
    };
  }
}
out.end = procSnapshot();
out.took_s = round(performance.now() / 1000, 1);
one.destroy();
console.log(JSON.stringify(out, null, 1));
process.exit(0);
