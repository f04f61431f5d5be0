import { round, spread } from '../harness/statistics.mjs';
import { recordCount } from './table.mjs';

/** Reading all records in pages by key, each page as one text that Postgres builds. */
export async function pageSpeeds(client) {
  const figures = {};
  for (const limit of [1000, 100]) figures[`pg_page_${limit}`] = await readAll(client, limit);
  return figures;
}

async function readAll(client, limit) {
  const text = `
    select '[' || string_agg(data::text, ',' order by ext) || ']' as page, max(ext) as last
    from (select ext, data from limits.r where conn = 1 and model = 1 and ext > $1 order by ext limit ${limit}) as rows`;
  const durations = [];
  let last = '';
  const startedAt = performance.now();
  for (let count = 0; count < recordCount / limit; count++) {
    const askedAt = performance.now();
    const { rows } = await client.query({ name: `page of ${limit}`, text, values: [last] });
    last = rows[0].last ?? '';
    durations.push(performance.now() - askedAt);
  }
  const recordsPerS = (recordCount / (performance.now() - startedAt)) * 1000;
  return { rec_per_s: Math.round(recordsPerS), p50_ms: round(spread(durations).median) };
}
