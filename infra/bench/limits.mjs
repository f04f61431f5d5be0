// What the machine itself can do: raw Node proxy, raw Postgres, raw worker round trips. Needs `pg` (PG_MODULE=path to pg).
//   MOCK_URL=http://127.0.0.1:4010 PGURL=postgres://... PG_MODULE=/path/node_modules/pg/lib/index.js node limits.mjs
import http from 'node:http';
import crypto from 'node:crypto';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
const self = fileURLToPath(import.meta.url);
if (!isMainThread) {
  parentPort.on('message', (m) => parentPort.postMessage({ n: m.n }));
} else if (process.argv[2] === 'child') {
  process.on('message', (m) => process.send({ n: m.n }));
} else if (process.argv[2] === 'proxy') {
  // http proxy with an in-memory credential look-up, streamed both ways
  const up = new URL(process.env.MOCK_URL);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  const creds = new Map([['bench|conn-1', 'mock-secret-key']]);
  const keys = new Set([crypto.createHash('sha256').update('k').digest('hex')]);
  http
    .createServer((req, res) => {
      const h = crypto
        .createHash('sha256')
        .update((req.headers.authorization || '').slice(7))
        .digest('hex');
      if (!keys.has(h)) return res.writeHead(401).end();
      const apiKey = creds.get(`${req.headers['provider-config-key']}|${req.headers['connection-id']}`);
      const out = http.request(
        { agent, host: up.hostname, port: up.port, method: req.method, path: req.url.slice(6), headers: { authorization: `Bearer ${apiKey}` } },
        (r) => {
          res.writeHead(r.statusCode, r.headers);
          r.pipe(res);
        },
      );
      out.on('error', (e) => res.writeHead(502).end(String(e)));
      req.pipe(out);
    })
    .listen(4020, '127.0.0.1', () => console.log('raw proxy on 4020', process.pid));
} else {
  const out = {};
  const r1 = (x) => Math.round(x * 10) / 10;
  const med = (a) => [...a].sort((x, y) => x - y)[Math.floor(a.length / 2)];
  // 1. worker thread and child process round trips
  for (const kind of ['worker_thread', 'child_process']) {
    const w = kind === 'worker_thread' ? new Worker(self) : fork(self, ['child']);
    const rt = () =>
      new Promise((res) => {
        w.once('message', res);
        kind === 'worker_thread' ? w.postMessage({ n: 1 }) : w.send({ n: 1 });
      });
    for (let i = 0; i < 200; i++) await rt();
    const l = [];
    for (let i = 0; i < 2000; i++) {
      const t = performance.now();
      await rt();
      l.push(performance.now() - t);
    }
    l.sort((a, b) => a - b);
    out[`${kind}_roundtrip_ms`] = { p50: l[1000], p95: l[1900] };
    kind === 'worker_thread' ? await w.terminate() : w.kill();
  }
  // 2. AES-256-GCM of 300 byte records, per record
  {
    const key = crypto.randomBytes(32);
    const body = 'x'.repeat(290);
    const t = performance.now();
    for (let i = 0; i < 100000; i++) {
      const c = crypto.createCipheriv('aes-256-gcm', key, crypto.randomBytes(12));
      c.update(body);
      c.final();
      c.getAuthTag();
    }
    out.aes_gcm_300B_per_s = Math.round(100000 / ((performance.now() - t) / 1000));
    const t2 = performance.now();
    for (let i = 0; i < 100000; i++) crypto.createHash('sha256').update(body).digest();
    out.sha256_300B_per_s = Math.round(100000 / ((performance.now() - t2) / 1000));
  }
  // 3. Postgres
  const pg = createRequire(import.meta.url)(process.env.PG_MODULE);
  const c = new pg.Client({ connectionString: process.env.PGURL });
  await c.connect();
  const rec = (i, rev) => ({
    id: `rec_${String(i).padStart(8, '0')}`,
    name: `Contact number ${i}`,
    email: `user${i}@example.com`,
    company: `Company ${i % 997}`,
    amount: (i * 37) % 10007,
    active: i % 3 !== 0,
    rev,
    created_at: new Date(1700000000000 + i * 1000).toISOString(),
    tags: ['alpha', 'beta', `t${i % 17}`],
    note: 'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor'.slice(0, 60 + (i % 16)),
  });
  const N = 100000,
    B = 1000;
  await c.query('drop schema if exists limits cascade; create schema limits');
  await c.query(
    'create table limits.r (conn int not null, model int not null, ext text not null, hash bytea not null, data jsonb not null, seq bigint not null, deleted boolean not null default false, primary key (conn, model, ext)); create index on limits.r (conn, model, seq)',
  );
  const batches = (rev) =>
    Array.from({ length: N / B }, (_, b) => {
      const ids = [],
        hashes = [],
        datas = [];
      for (let i = b * B; i < (b + 1) * B; i++) {
        const s = JSON.stringify(rec(i, i % 100 < rev ? 1 : 0));
        ids.push(`rec_${i}`);
        hashes.push(crypto.createHash('md5').update(s).digest());
        datas.push(s);
      }
      return [ids, hashes, datas];
    });
  const sql = `insert into limits.r (conn, model, ext, hash, data, seq) select 1, 1, e, h, d::jsonb, 1 from unnest($1::text[], $2::bytea[], $3::text[]) as t(e,h,d)
      on conflict (conn, model, ext) do update set hash = excluded.hash, data = excluded.data, seq = excluded.seq where limits.r.hash is distinct from excluded.hash`;
  const runs = { first: [], unchanged_upsert: [], unchanged_hash_first: [], changed_10pct: [] };
  for (let k = 0; k < 3; k++) {
    await c.query('truncate limits.r');
    let bs = batches(0);
    let t = performance.now();
    for (const b of bs) await c.query({ name: 'u', text: sql, values: b });
    runs.first.push(N / ((performance.now() - t) / 1000));
    await c.query('analyze limits.r');
    t = performance.now();
    for (const b of bs) await c.query({ name: 'u', text: sql, values: b });
    runs.unchanged_upsert.push(N / ((performance.now() - t) / 1000));
    t = performance.now();
    for (const b of bs) await c.query({ name: 'h', text: 'select ext, hash from limits.r where conn = 1 and model = 1 and ext = any($1)', values: [b[0]] });
    runs.unchanged_hash_first.push(N / ((performance.now() - t) / 1000));
    bs = batches(10);
    t = performance.now();
    for (const b of bs) await c.query({ name: 'u', text: sql, values: b });
    runs.changed_10pct.push(N / ((performance.now() - t) / 1000));
  }
  for (const k of Object.keys(runs))
    out[`pg_upsert_${k}_rec_per_s`] = { min: Math.round(Math.min(...runs[k])), median: Math.round(med(runs[k])), max: Math.round(Math.max(...runs[k])) };
  // read pages of 1000 and 100 by keyset, returned as one text blob
  for (const [lim, n] of [
    [1000, 100],
    [100, 1000],
  ]) {
    const l = [];
    let last = '';
    const t = performance.now();
    for (let i = 0; i < n; i++) {
      const t1 = performance.now();
      const q = await c.query({
        name: `p${lim}`,
        text: `select '[' || string_agg(data::text, ',' order by ext) || ']' as j, max(ext) as last from (select ext, data from limits.r where conn = 1 and model = 1 and ext > $1 order by ext limit ${lim}) x`,
        values: [last],
      });
      last = q.rows[0].last ?? '';
      l.push(performance.now() - t1);
    }
    out[`pg_page_${lim}`] = { rec_per_s: Math.round((n * lim) / ((performance.now() - t) / 1000)), p50_ms: r1(med(l) * 100) / 100 };
  }
  // one prepared point query and one small committed write
  for (const [name, text] of [
    ['point_select', 'select data from limits.r where conn=1 and model=1 and ext=$1'],
    ['point_update_commit', 'update limits.r set seq = seq + 1 where conn=1 and model=1 and ext=$1'],
  ]) {
    const l = [];
    for (let i = 0; i < 2000; i++) {
      const t = performance.now();
      await c.query({ name, text, values: [`rec_${(i * 37) % N}`] });
      l.push(performance.now() - t);
    }
    l.sort((a, b) => a - b);
    out[`pg_${name}_ms`] = { p50: r1(l[1000] * 1000) / 1000, p95: r1(l[1900] * 1000) / 1000 };
  }
  await c.query('drop schema limits cascade');
  await c.end();
  console.log(JSON.stringify(out, null, 1));
  process.exit(0);
}
