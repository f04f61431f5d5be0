// How long it takes to make very many schedules, and how late their runs start:
//   node infra/bench/schedules.mjs [--create 10000] [--run 1000] [--minutes 6]
// 1,000 schedules at six minutes ask for as many runs a second as 10,000 at an hour.
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Stack } from '../../packages/stack/dist/index.js';
import { scheduleSpec } from '../../packages/workflows/dist/index.js';
import { copyConnection, openDatabase } from './load/many-connections.mjs';
import { productOf } from './load/product.mjs';

const { values } = parseArgs({
  options: { create: { type: 'string', default: '10000' }, run: { type: 'string', default: '1000' }, minutes: { type: 'string', default: '6' } },
});
const noop = 'exports.default = async () => undefined;';
const say = (line) => process.stdout.write(`${line}\n`);
const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;

const home = `${process.cwd()}/.local/bench-schedules`;
await rm(home, { recursive: true, force: true });
const stack = await Stack.start({ home });
const { databaseUrl, serverUrl, environments } = stack.describe();
try {
  await using database = await openDatabase(databaseUrl);
  const product = productOf(serverUrl, environments.dev.secretKey);
  if (Number(values.create) > 0) await create(product, database, Number(values.create));
  if (Number(values.run) > 0) await run(product, database, Number(values.run), Number(values.minutes));
} finally {
  await stack.stop();
  await rm(home, { recursive: true, force: true });
}

async function create(product, database, count) {
  await product.integration('many');
  await product.connection('many', 'first');
  await copyConnection(database, { integration: 'many', from: 'first', name: 'copy', count: count - 1 });
  const startedAt = performance.now();
  await product.deploy('many', { hourly: { type: 'sync', runs: 'every hour', auto_start: false, js: noop } });
  const deployMs = performance.now() - startedAt;
  await until(database, `SELECT count(*) = 0 AS done FROM sync WHERE applied_revision = 0`);
  const ms = performance.now() - startedAt;
  say(`${count} schedules: the deploy answered after ${seconds(deployMs)}, all were made after ${seconds(ms)} (${Math.round((count * 1_000) / ms)} a second)`);
}

async function run(product, database, count, minutes) {
  await product.integration('some');
  await product.connection('some', 'first');
  await copyConnection(database, { integration: 'some', from: 'first', name: 'copy', count: count - 1 });
  await product.deploy('some', { often: { type: 'sync', runs: `every ${minutes}m`, js: noop } });
  const ofScript = `FROM execution e JOIN sync y ON y.id = e.sync_id JOIN script s ON s.id = y.script_id WHERE s.name = 'often'`;
  await until(database, `SELECT count(DISTINCT e.sync_id) = ${count} AS done ${ofScript} AND e.finished_at IS NOT NULL`);
  const from = new Date();
  const intervalMs = minutes * 60_000;
  say(`${count} first runs are done; watching one interval of ${minutes} minutes`);
  await wait(intervalMs + 90_000);
  const { rows } = await database.query(`SELECT e.sync_id AS "syncId", e.status, e.started_at AS "startedAt" ${ofScript} AND e.created_at > $1`, [from]);
  const runs = rows
    .map((row) => ({ ...row, slot: lastSlot(row.syncId, intervalMs, row.startedAt ?? new Date()) }))
    .filter(({ slot }) => slot >= from && slot < from.getTime() + intervalMs);
  const late = runs.map(({ startedAt, slot }) => (startedAt ?? new Date()) - slot).toSorted((a, b) => a - b);
  const at = (share) => seconds(late[Math.min(late.length - 1, Math.floor(late.length * share))] ?? Number.NaN);
  say(`${runs.length} of ${count} slots had their run, ${runs.filter(({ status }) => status !== 'succeeded').length} without success`);
  say(
    `a script started after its slot: p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, worst ${at(1)}; jitter of up to ${seconds(scheduleSpec({ syncId: 'a', intervalMs }).spec.jitter)} included`,
  );
}

function lastSlot(syncId, intervalMs, before) {
  const { offset } = scheduleSpec({ syncId, intervalMs }).spec.intervals[0];
  return Math.floor((before.getTime() - offset) / intervalMs) * intervalMs + offset;
}

async function until(database, sql) {
  while (!(await database.query(sql)).rows[0].done) await wait(250);
}
