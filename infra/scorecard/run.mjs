// `pnpm scorecard [--only D-01,R]`: the promises that only hold if they hold while things die. Starts a stack of its own for the
// rows that need one, runs each row, writes .local/scorecard/<id>.json and prints the table. Ends with 1 when a row failed.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { explain } from '../../packages/stack/dist/index.js';
import { bigSyncRows } from './rows/big-sync.mjs';
import { brokenSourceRows } from './rows/broken-source.mjs';
import { inFlightRows } from './rows/in-flight.mjs';
import { testRows } from './rows/tests.mjs';
import { startStand } from './stand/stand.mjs';

const results = resolve(import.meta.dirname, '../../.local/scorecard');
const say = (text) => console.error(text);

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => interruption.abort(new Error(`ended by ${name}`)));

const rows = [...testRows({ say, signal: interruption.signal }), ...brokenSourceRows, ...inFlightRows, ...bigSyncRows];

process.exitCode = await scorecard().catch((error) => {
  say(interruption.signal.aborted ? interruption.signal.reason.message : explain(error));
  return 1;
});

async function scorecard() {
  const chosen = chooseRows();
  const isStandNeeded = chosen.some(({ needsStand = true }) => needsStand);
  await using stand = isStandNeeded ? await startStand({ say, signal: interruption.signal }) : undefined;
  mkdirSync(results, { recursive: true });
  const outcomes = [];
  for (const row of chosen) {
    interruption.signal.throwIfAborted();
    outcomes.push(await runRow(row, stand, chosen));
  }
  console.log(`\n${table(outcomes)}\n\n${os.cpus().length} cores, load average ${os.loadavg()[0].toFixed(1)}; details: ${results}`);
  return outcomes.every(({ pass }) => pass) ? 0 : 1;
}

function chooseRows() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const wanted = values.only?.split(',') ?? rows.map(({ id }) => id);
  const unknown = wanted.filter((id) => !rows.some((row) => row.id.startsWith(id)));
  if (unknown.length > 0) throw new Error(`No such row: ${unknown.join(', ')}. There are ${rows.map(({ id }) => id).join(', ')}`);
  return rows.filter(({ id }) => wanted.some((prefix) => id.startsWith(prefix)));
}

async function runRow({ id, title, limit, run }, stand, chosen) {
  const seed = Number(process.env.SCORECARD_SEED ?? 1);
  const startedAt = Date.now();
  say(`${id}: ${title}`);
  const outcome = await run({ ...stand, random: randomFrom(seed) }, chosen).catch((error) => ({ pass: false, measured: { error: error.message } }));
  const result = { id, title, limit, seed, ...outcome, seconds: Math.round((Date.now() - startedAt) / 1000) };
  writeFileSync(join(results, `${id}.json`), `${JSON.stringify(result, null, 1)}\n`);
  say(`${id}: ${result.pass ? 'passed' : 'FAILED'} ${JSON.stringify(result.measured)}`);
  return result;
}

/** Mulberry32: the same moments for the same seed. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function table(outcomes) {
  const width = Math.max(...outcomes.map(({ title }) => title.length));
  return outcomes.map(({ id, title, pass, seconds }) => `${id.padEnd(6)} ${title.padEnd(width)}  ${pass ? 'passed' : 'FAILED'}  ${seconds} s`).join('\n');
}
