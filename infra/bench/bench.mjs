#!/usr/bin/env node
// The harness: drives any server that offers the Nango-style public REST API, and prints figures as JSON.
// Plain Node >= 20, no dependencies (wrk gives extra figures when it is on PATH).
//
//   BASE_URL=http://127.0.0.1:3003 SECRET_KEY=... MOCK_URL=http://127.0.0.1:4010 node bench.mjs > out.json
//
// Environment
//   BASE_URL              server under test
//   SECRET_KEY            environment secret key (Bearer)
//   PROVIDER_CONFIG_KEY   integration unique key                    (default bench)
//   CONNECTION_ID         an existing connection                    (default conn-1)
//   RECORDS_CONNECTION_ID the connection whose records are listed   (default the last one synced)
//   CONNECTION_TEMPLATE   JSON body for POST /connections used to make fresh connections for first-run syncs
//   SYNC_NAME             (default bench-sync)   MODEL (default BenchRecord)
//   ACTION_NAME           no-op action           (default noop)
//   ACTION_PROXY_NAME     action with one proxy call (default ping)
//   MOCK_URL              the mock API, reached directly for the base line
//   PASS_THROUGH_URL      the bare pass-through (pass-through.mjs), another base line for the proxy
//   PROXY_URL             the proxy's own port, where it has one beside the server's
//   PHASES                comma list: proxy,connection,action,sync,records (default all)
//   REPEATS               repeats of every load phase (default 5)
//   DURATION              seconds of every load phase (default 5)
//   ACTION_N              sequential calls in each repeat of an action (default 100)
//   SYNC_REPEATS          repeats of every sync phase (default 3)
//   TOTAL                 records in the mock (default 100000)
//   MAX_PAGES_100         how many pages of 100 records are listed (default 1000)
//   NO_WRK                1: without wrk
//   PROCS                 name:pid,name:pid ... for memory and CPU (a name ending in * also counts the children)
//
// A phase that fails is named under `failures`; the others go on, and the exit code is 1.
import os from 'node:os';
import { closeClient } from './harness/client.mjs';
import { log } from './harness/log.mjs';
import { snapshot } from './harness/measured.mjs';
import { phaseNames, requirePhases } from './harness/phase-names.mjs';
import { measureActions } from './harness/phases/action.mjs';
import { measureConnection } from './harness/phases/connection.mjs';
import { measureProxy } from './harness/phases/proxy.mjs';
import { measureRecords } from './harness/phases/records.mjs';
import { measureSync } from './harness/phases/sync.mjs';
import { settings } from './harness/settings.mjs';
import { round } from './harness/statistics.mjs';

const phases = { proxy: measureProxy, connection: measureConnection, action: measureActions, sync: measureSync, records: measureRecords };

requirePhases(settings.phases);

const { repeats: REPEATS, durationS: DURATION, syncRepeats: SYNC_REPEATS, total: TOTAL, actionCalls: ACTION_N } = settings;
const out = {
  when: new Date().toISOString(),
  base_url: settings.baseUrl,
  node: process.version,
  cpus: os.cpus().length,
  cpu_model: os.cpus()[0]?.model,
  load_average: { before: os.loadavg() },
  settings: { REPEATS, DURATION, SYNC_REPEATS, TOTAL, ACTION_N },
  idle: snapshot(),
  failures: {},
};
for (const name of phaseNames.filter((name) => settings.phases.includes(name))) {
  try {
    out[name] = await phases[name](out);
  } catch (error) {
    out.failures[name] = error.message;
    log(name, 'failed:', error.stack);
  }
}
out.end = snapshot();
out.load_average.after = os.loadavg();
out.took_s = round(performance.now() / 1000, 1);
closeClient();
console.log(JSON.stringify(out, null, 1));
process.exitCode = Object.keys(out.failures).length > 0 ? 1 : 0;
