import { distribution } from '../harness/statistics.mjs';
import { recordCount } from './table.mjs';

const times = 2000;
const statements = {
  point_select: 'select data from limits.r where conn = 1 and model = 1 and ext = $1',
  point_update_commit: 'update limits.r set seq = seq + 1 where conn = 1 and model = 1 and ext = $1',
};

/** One prepared look-up by key, and one small committed write. */
export async function statementTimes(client) {
  const figures = {};
  for (const [name, text] of Object.entries(statements)) {
    const durations = [];
    for (let count = 0; count < times; count++) {
      const askedAt = performance.now();
      await client.query({ name, text, values: [`rec_${(count * 37) % recordCount}`] });
      durations.push(performance.now() - askedAt);
    }
    const { p50, p95 } = distribution(durations);
    figures[`pg_${name}_ms`] = { p50, p95 };
  }
  return figures;
}
