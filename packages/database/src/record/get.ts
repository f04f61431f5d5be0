import type { Queryable } from '../pool.js';
import { BlockSealer } from './block.js';
import type { RecordScope } from './requests.js';
import type { Sealer } from './sealer.js';

type Found = { id: string; block: number; slot: number };

/** The living records with these ids, by id, as they were saved. Unknown, deleted and pruned ones are left out. */
export async function getRecords(
  client: Queryable,
  sealer: Sealer,
  { environmentId, connectionId, model, ids }: RecordScope & { ids: string[] },
): Promise<Map<string, Record<string, unknown>>> {
  const { rows } = await client.query<Found & { modelId: number; data: Buffer | null }>(
    `with found as (
       select r.external_id as id, r.block, r.slot, m.id as model_id from record_model m cross join unnest($4::text[]) as wanted (id) cross join lateral (
         select external_id, block, slot from record r where r.connection_id = $1 and r.model_id = m.id and r.environment_id = $3
           and r.external_id = wanted.id and r.deleted_at is null and r.pruned_at is null limit 1
       ) as r
       where m.connection_id = $1 and m.model = $2 and m.environment_id = $3
     )
     select id, block, slot, model_id as "modelId", case row_number() over (partition by block) when 1 then (
       select data from record_block b where b.model_id = found.model_id and b.environment_id = $3 and b.block = found.block
     ) end as data from found`,
    [connectionId, model, environmentId, [...new Set(ids)]],
  );
  const blocks = new BlockSealer(sealer, environmentId, rows[0]?.modelId ?? 0);
  const texts = new Map(await Promise.all(rows.flatMap(({ block, data }) => (data ? [blocks.open(data).then((opened) => [block, opened] as const)] : []))));
  return new Map(rows.map((row) => [row.id, parse(row, texts)]));
}

function parse({ id, block, slot }: Found, texts: Map<number, string[]>): Record<string, unknown> {
  const text = texts.get(block)?.[slot];
  if (text === undefined) throw new Error(`payload ${block}/${slot} is missing`);
  return { ...(JSON.parse(text) as Record<string, unknown>), id };
}
