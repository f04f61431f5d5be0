// What the machine itself can do, as JSON: worker round trips, ciphers, raw Postgres, and bare Temporal where it is named.
//   PGURL=postgres://... PG_MODULE=.../pg/lib/index.js [TEMPORAL_ADDRESS=... MODULES=<this repository>] node limits.mjs
import { createRequire } from 'node:module';
import { cipherSpeeds } from './limits/ciphers.mjs';
import { pageSpeeds } from './limits/pages.mjs';
import { roundTrips } from './limits/round-trips.mjs';
import { standaloneActivities } from './limits/standalone-activity.mjs';
import { statementTimes } from './limits/statements.mjs';
import { createTable, dropTable } from './limits/table.mjs';
import { upsertSpeeds } from './limits/upserts.mjs';

const { Client } = createRequire(import.meta.url)(process.env.PG_MODULE || 'pg');

const client = new Client({ connectionString: process.env.PGURL });
await client.connect();
try {
  const outsidePostgres = { ...(await roundTrips()), ...cipherSpeeds() };
  const { TEMPORAL_ADDRESS, MODULES } = process.env;
  const temporal = TEMPORAL_ADDRESS ? await standaloneActivities(TEMPORAL_ADDRESS, MODULES) : {};
  await createTable(client);
  const upserts = await upsertSpeeds(client);
  console.log(JSON.stringify({ ...outsidePostgres, ...upserts, ...(await pageSpeeds(client)), ...(await statementTimes(client)), ...temporal }, null, 1));
} finally {
  await dropTable(client);
  await client.end();
}
