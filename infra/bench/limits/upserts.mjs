import { spread } from '../harness/statistics.mjs';
import { batches, recordCount } from './table.mjs';

const repeats = 3;
const upsert = `
  insert into limits.r (conn, model, ext, hash, data, seq)
  select 1, 1, e, h, d::jsonb, 1 from unnest($1::text[], $2::bytea[], $3::text[]) as t(e, h, d)
  on conflict (conn, model, ext) do update set hash = excluded.hash, data = excluded.data, seq = excluded.seq
  where limits.r.hash is distinct from excluded.hash`;
const lookUp = 'select ext, hash from limits.r where conn = 1 and model = 1 and ext = any($1)';

/** Records per second into Postgres, batch by batch: new, unchanged with and without a look at the hashes first, a tenth changed. */
export async function upsertSpeeds(client) {
  const runs = { first: [], unchanged_upsert: [], unchanged_hash_first: [], changed_10pct: [] };
  for (let repeat = 0; repeat < repeats; repeat++) {
    await client.query('truncate limits.r');
    const original = batches(0);
    runs.first.push(await speed(original, (batch) => client.query({ name: 'upsert', text: upsert, values: batch })));
    await client.query('analyze limits.r');
    runs.unchanged_upsert.push(await speed(original, (batch) => client.query({ name: 'upsert', text: upsert, values: batch })));
    runs.unchanged_hash_first.push(await speed(original, ([ids]) => client.query({ name: 'look-up', text: lookUp, values: [ids] })));
    runs.changed_10pct.push(await speed(batches(10), (batch) => client.query({ name: 'upsert', text: upsert, values: batch })));
  }
  return Object.fromEntries(Object.entries(runs).map(([kind, speeds]) => [`pg_upsert_${kind}_rec_per_s`, spread(speeds, 0)]));
}

async function speed(all, save) {
  const startedAt = performance.now();
  for (const batch of all) await save(batch);
  return (recordCount / (performance.now() - startedAt)) * 1000;
}
