// What calls the limited API for a while: six syncs, two clients of the proxy, and one action a second.
import { setTimeout as wait } from 'node:timers/promises';

const key = 'limited';
const connectionId = 'one';
const clientPauseMs = 500;
const actionEveryMs = 1_000;

const working = (seconds) => `const until = Date.now() + ${seconds * 1_000}; while (Date.now() < until) await nango.get({ endpoint: '/work', retries: 20 });`;
/** Its first run does nothing, so that the one that counts is an incremental one. */
const incremental = (seconds) => `exports.default = async (nango) => { if (!nango.lastSyncDate) return; ${working(seconds)} };`;
const backfill = (seconds) => `exports.default = async (nango) => { ${working(seconds)} };`;
const names = { backfill: ['first-a', 'first-b', 'first-c'], incremental: ['often-a', 'often-b', 'often-c'] };

const sync = (js) => ({ type: 'sync', auto_start: false, js });

/** Makes the connection and its scripts; the incremental syncs have had their first run. */
export async function prepare({ product, database, url, seconds }) {
  await product.integration(key);
  await product.connection(key, connectionId, url);
  await product.deploy(key, {
    ...Object.fromEntries(names.backfill.map((name) => [name, sync(backfill(seconds))])),
    ...Object.fromEntries(names.incremental.map((name) => [name, sync(incremental(seconds))])),
    touch: { type: 'action', js: `exports.default = async (nango) => (await nango.get({ endpoint: '/work', retries: 20 })).status;` },
  });
  for (const name of names.incremental) await product.trigger(key, connectionId, name);
  await ended(database, names.incremental.length);
}

/** Runs everything for so long; answers how long actions and calls took, and what failed. */
export async function run({ product, serverUrl, secretKey, seconds }) {
  for (const name of [...names.backfill, ...names.incremental]) await product.trigger(key, connectionId, name);
  // Until they all call.
  await wait(2_000);
  const until = performance.now() + seconds * 1_000;
  const seen = { actions: [], calls: [], failed: 0 };
  const clients = Array.from({ length: 2 }, () => client({ serverUrl, secretKey, until, seen }));
  const actions = [];
  while (performance.now() < until) {
    actions.push(action(product, seen));
    await wait(actionEveryMs);
  }
  await Promise.all([...clients, ...actions]);
  return seen;
}

async function client({ serverUrl, secretKey, until, seen }) {
  const headers = { authorization: `Bearer ${secretKey}`, 'provider-config-key': key, 'connection-id': connectionId, retries: '20' };
  while (performance.now() < until) {
    const startedAt = performance.now();
    const response = await fetch(`${serverUrl}/proxy/work`, { headers });
    await response.text();
    if (response.status === 200) seen.calls.push(performance.now() - startedAt);
    else seen.failed += 1;
    await wait(Math.max(0, startedAt + clientPauseMs - performance.now()));
  }
}

async function action(product, seen) {
  const startedAt = performance.now();
  try {
    await product.action(key, connectionId, 'touch');
    seen.actions.push(performance.now() - startedAt);
  } catch {
    seen.failed += 1;
  }
}

async function ended(database, count) {
  const sql = `SELECT count(*) AS count FROM execution WHERE kind = 'sync' AND status = 'succeeded'`;
  while (Number((await database.query(sql)).rows[0].count) < count) await wait(100);
}
