import type { Queryable } from '../pool.js';

const partitions = 8;
const mostRemembered = 50_000;
const known = new Map<number, string>();

/**
 * The partition that a connection's records are in. Asked directly, a page needs no plan over all partitions: that takes longer than
 * reading it, and once prepared it sorts a whole young model, which has no statistics yet.
 */
export async function partitionOf(client: Queryable, connectionId: number): Promise<string> {
  const found = known.get(connectionId) ?? (await findPartition(client, connectionId));
  if (known.size >= mostRemembered) known.clear();
  known.set(connectionId, found);
  return found;
}

async function findPartition(client: Queryable, connectionId: number): Promise<string> {
  const { rows } = await client.query<{ part: number }>(
    `select part from generate_series(0, $2::int - 1) as part where satisfies_hash_partition('record'::regclass, $2, part, $1::int)`,
    [connectionId, partitions],
  );
  if (!rows[0]) throw new Error('no partition takes the connection');
  return `record_${rows[0].part}`;
}
