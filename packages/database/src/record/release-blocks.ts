import type { Queryable } from '../pool.js';
import { numberArray } from './array-text.js';
import type { ModelKey } from './requests.js';

/** Each block loses a payload as often as it stands among those that rows have left; empty ones go. */
export async function releaseBlocks(client: Queryable, { modelId, environmentId }: ModelKey, blocks: number[]): Promise<void> {
  const left = new Map<number, number>();
  for (const block of blocks) left.set(block, (left.get(block) ?? 0) + 1);
  if (left.size === 0) return;
  const values = [modelId, environmentId, numberArray([...left.keys()])];
  await client.query(
    `update record_block b set living = living - lost.count from unnest($3::int[], $4::int[]) as lost (block, count)
     where b.model_id = $1 and b.environment_id = $2 and b.block = lost.block`,
    [...values, numberArray([...left.values()])],
  );
  await client.query('delete from record_block where model_id = $1 and environment_id = $2 and block = any($3::int[]) and living <= 0', values);
}
