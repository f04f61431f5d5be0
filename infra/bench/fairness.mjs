// What one environment's runaway scripts cost another one: ROUNDS=3 node infra/bench/fairness.mjs (about 15 minutes)
// The quiet environment's actions and syncs are timed alone, beside hundreds of syncs that queue or compute, and beside floods of actions.
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Stack } from '../../packages/stack/dist/index.js';
import { copyConnection, openDatabase } from './load/many-connections.mjs';
import { productOf } from './load/product.mjs';

const runaways = 300;
const rounds = Number(process.env.ROUNDS || 3);
const samples = { actions: 60, syncs: 4 };
const scripts = {
  noop: { type: 'action', js: 'exports.default = async () => 1;' },
  // Half a second of computing, and a second and a half of waiting, as a sync that reads an API.
  work: {
    type: 'sync',
    auto_start: false,
    js: `exports.default = async () => { for (let round = 0; round < 10; round += 1) { const until = Date.now() + 50; while (Date.now() < until); await new Promise((done) => setTimeout(done, 150)); } }`,
  },
};
const runaway = {
  queue: { type: 'sync', auto_start: false, js: 'exports.default = async () => { await new Promise((done) => setTimeout(done, 20_000)); }' },
  burn: {
    type: 'sync',
    auto_start: false,
    js: 'exports.default = async () => { for (let round = 0; round < 600; round += 1) { const until = Date.now() + 95; while (Date.now() < until); await new Promise((done) => setTimeout(done, 5)); } }',
  },
};
/** Actions of the loud environment, and how many callers ask for one again and again. */
const callers = 12;
/** Computes for so long, without the time it was kept from it. */
const crunch = (ms) => ({
  type: 'action',
  js: `exports.default = async () => { let left = ${ms}; for (let last = Date.now(); left > 0; ) { const now = Date.now(); if (now - last < 3) left -= now - last; last = now; } return 1; }`,
});
const floods = { burn_1s: crunch(1_000), burn_150ms: crunch(150), noop: scripts.noop };
const say = (line) => process.stdout.write(`${line}\n`);

const home = `${process.cwd()}/.local/bench-fairness`;
await rm(home, { recursive: true, force: true });
const stack = await Stack.start({ home, freePorts: true });
const { databaseUrl, serverUrl, environments } = stack.describe();
try {
  await using database = await openDatabase(databaseUrl);
  const [loud, quiet] = [productOf(serverUrl, environments.dev.secretKey), productOf(serverUrl, environments.prod.secretKey)];
  for (const [product, key] of [
    [loud, 'loud'],
    [quiet, 'quiet'],
  ]) {
    await product.integration(key);
    await product.connection(key, 'first');
  }
  await quiet.deploy('quiet', scripts);
  await copyConnection(database, { integration: 'loud', from: 'first', name: 'copy', count: runaways - 1 });
  await loud.deploy('loud', { ...runaway, ...floods });
  await measured(quiet, database);
  for (const name of Object.keys(runaway)) await compare(`${runaways} syncs that ${name}`, () => besideSyncs(loud, database, name));
  for (const name of Object.keys(floods)) await compare(`${callers} callers of ${name}`, async () => besideActions(loud, name));

  /** Alone and beside by turns: what else the machine does changes by the minute. */
  async function compare(what, begin) {
    const [alone, beside] = [[await measured(quiet, database)], []];
    for (let round = 0; round < rounds; round += 1) {
      const end = await begin();
      await wait(10_000);
      beside.push(await measured(quiet, database));
      await end();
      await wait(5_000);
      alone.push(await measured(quiet, database));
    }
    say(`${'alone'.padEnd(33)}${told(pooled(alone))}`);
    say(`${`beside ${what}`.padEnd(33)}${told(pooled(beside), pooled(alone))}`);
  }
} finally {
  await stack.stop();
  await rm(home, { recursive: true, force: true });
}

/** Begins them; resolves when nearly all of them are queued (the first ones end meanwhile) with what ends them. */
async function besideSyncs(product, database, name) {
  await product.trigger('loud', null, name);
  while ((await open(database)) < runaways * 0.9) await wait(250);
  return async () => {
    await product.call('POST', '/sync/cancel', { body: { provider_config_key: 'loud', syncs: [name] } });
    while ((await open(database)) > 0) await wait(250);
  };
}

function besideActions(product, name) {
  const over = new AbortController();
  const loops = Array.from({ length: callers }, async () => {
    while (!over.signal.aborted) await product.action('loud', 'first', name);
  });
  return async () => {
    over.abort();
    await Promise.all(loops);
  };
}

async function measured(product, database) {
  const actions = [];
  for (let count = 0; count < samples.actions; count += 1) actions.push(await timed(() => product.action('quiet', 'first', 'noop')));
  for (let count = 0; count < samples.syncs; count += 1) await oneSync(product, database);
  const { rows } = await database.query(
    `SELECT extract(epoch FROM e.finished_at - e.created_at) * 1000 AS ms FROM execution e JOIN sync y ON y.id = e.sync_id JOIN script s ON s.id = y.script_id
     WHERE s.name = 'work' ORDER BY e.created_at DESC LIMIT $1`,
    [samples.syncs],
  );
  return { actions, syncs: rows.map(({ ms }) => Number(ms)) };
}

function pooled(measurements) {
  return { actions: measurements.flatMap(({ actions }) => actions), syncs: measurements.flatMap(({ syncs }) => syncs) };
}

async function oneSync(product, database) {
  const ended = async () =>
    Number(
      (
        await database.query(
          `SELECT count(*) FROM execution e JOIN sync y ON y.id = e.sync_id JOIN script s ON s.id = y.script_id WHERE s.name = 'work' AND e.finished_at IS NOT NULL`,
        )
      ).rows[0].count,
    );
  const before = await ended();
  await product.trigger('quiet', 'first', 'work');
  while ((await ended()) === before) await wait(50);
}

async function open(database) {
  const sql = `SELECT count(*) FROM execution e JOIN environment v ON v.id = e.environment_id WHERE e.status IN ('queued', 'running') AND v.name = 'dev'`;
  return Number((await database.query(sql)).rows[0].count);
}

async function timed(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function told({ actions, syncs }, alone) {
  return `${part('action', actions, alone?.actions)}   ${part('sync of 2 s', syncs, alone?.syncs)}`;
}

function part(name, times, base) {
  const [p50, p95] = [median(times, 0.5), median(times, 0.95)];
  const change = base ? ` (${Math.round((p50 / median(base, 0.5)) * 100)}%)` : '';
  return `${name} p50 ${Math.round(p50)} ms${change} p95 ${Math.round(p95)} ms`;
}

function median(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
