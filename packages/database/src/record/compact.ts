import type pg from 'pg';
import { type Queryable, transaction } from '../pool.js';
import { numberArray, textArray } from './array-text.js';
import { BlockSealer, pack } from './block.js';
import { lockModel } from './model-row.js';
import { partitionOf } from './partition.js';
import { releaseBlocks } from './release-blocks.js';
import type { ModelKey } from './requests.js';
import type { Sealer } from './sealer.js';

/** So many blocks are rewritten at a time: a few megabytes, and one look through the model's rows. */
const mostBlocks = 512;

/** What was made of what. */
export type Compaction = { read: number; written: number };

/** A payload that moves: where it is, and its text. */
type Move = { externalId: string; block: number; slot: number; text: string };

/**
 * Rewrites blocks that have lost half of their payloads, and tiny ones, into full ones. Writers wait only while pointers move, and a row
 * that was changed meanwhile keeps its own. Nothing is written where that would not at least halve the number of blocks.
 */
export async function compactModel(pool: pg.Pool, sealer: Sealer, key: ModelKey): Promise<Compaction> {
  const blocks = new BlockSealer(sealer, key.environmentId, key.modelId);
  const sparse = await findSparse(pool, key);
  if (sparse.size < 2) return nothing;
  const moves = await findMoves(pool, key, sparse, blocks);
  const { blocks: packed, places } = pack(moves.map(({ text }) => text));
  if (packed.length * 2 > sparse.size) return nothing;
  const sealed = await Promise.all(packed.map(async (texts) => ({ data: await blocks.seal(texts), slots: texts.length })));
  const written = await transaction(pool, async (client) => {
    const locked = await lockModel(client, key.environmentId, key.modelId);
    if (!locked) return 0;
    const targets = moves.map((move, index) => ({ ...move, target: places[index] ?? { block: 0, slot: 0 } }));
    const moved = await movePointers(client, key, targets, locked.nextBlock);
    await insertBlocks(client, key, { sealed, firstBlock: locked.nextBlock, taken: moved.map(({ taken }) => taken) });
    await releaseBlocks(
      client,
      key,
      moved.map(({ left }) => left),
    );
    // The version stays: what others have compared holds, since it does not depend on where a payload lies.
    await client.query('update record_model set next_block = next_block + $3 where id = $1 and environment_id = $2', [
      key.modelId,
      key.environmentId,
      sealed.length,
    ]);
    return sealed.length;
  });
  return { read: sparse.size, written };
}

const nothing: Compaction = { read: 0, written: 0 };

async function findSparse(client: Queryable, { modelId, environmentId }: ModelKey): Promise<Map<number, Buffer>> {
  const { rows } = await client.query<{ block: number; data: Buffer }>(
    `select block, data from record_block where model_id = $1 and environment_id = $2 and (living * 2 <= slots or (slots <= 16 and octet_length(data) < 4096))
     order by block limit $3`,
    [modelId, environmentId, mostBlocks],
  );
  return new Map(rows.map(({ block, data }) => [block, data]));
}

async function findMoves(
  client: Queryable,
  { connectionId, modelId, environmentId }: ModelKey,
  sparse: Map<number, Buffer>,
  sealer: BlockSealer,
): Promise<Move[]> {
  const partition = await partitionOf(client, connectionId);
  const { rows } = await client.query<{ externalId: string; block: number; slot: number }>(
    `select external_id as "externalId", block, slot from ${partition}
     where connection_id = $1 and - model_id = - $2::int and environment_id = $3 and block = any($4::int[]) order by sequence`,
    [connectionId, modelId, environmentId, numberArray([...sparse.keys()])],
  );
  const opened = new Map(await Promise.all([...sparse].map(async ([block, data]) => [block, await sealer.open(data)] as const)));
  return rows.flatMap((row) => {
    const text = opened.get(row.block)?.[row.slot];
    return text === undefined ? [] : [{ ...row, text }];
  });
}

type Target = Move & { target: { block: number; slot: number } };

async function movePointers(
  client: Queryable,
  { connectionId, modelId, environmentId }: ModelKey,
  moves: Target[],
  firstBlock: number,
): Promise<{ left: number; taken: number }[]> {
  const { rows } = await client.query<{ left: number; taken: number }>(
    `update record r set block = $4 + move.to_block, slot = move.to_slot
     from unnest($5::text[], $6::int[], $7::smallint[], $8::int[], $9::smallint[]) as move (external_id, block, slot, to_block, to_slot)
     where r.connection_id = $1 and r.model_id = $2 and r.environment_id = $3 and r.external_id = move.external_id and r.block = move.block and r.slot = move.slot
     returning old.block as "left", new.block as taken`,
    [
      connectionId,
      modelId,
      environmentId,
      firstBlock,
      textArray(moves.map(({ externalId }) => externalId)),
      numberArray(moves.map(({ block }) => block)),
      numberArray(moves.map(({ slot }) => slot)),
      numberArray(moves.map(({ target }) => target.block)),
      numberArray(moves.map(({ target }) => target.slot)),
    ],
  );
  return rows;
}

type Fresh = { sealed: { data: Uint8Array; slots: number }[]; firstBlock: number; taken: number[] };

async function insertBlocks(client: Queryable, { modelId, environmentId }: ModelKey, { sealed, firstBlock, taken }: Fresh): Promise<void> {
  const living = Map.groupBy(taken, (block) => block);
  const blocks = sealed.map((block, index) => ({ ...block, number: firstBlock + index, living: living.get(firstBlock + index)?.length ?? 0 }));
  const used = blocks.filter((block) => block.living > 0);
  await client.query(
    `insert into record_block (model_id, block, environment_id, living, slots, data)
     select $1, block, $2, living, slots, data from unnest($3::int[], $4::int[], $5::int[], $6::bytea[]) as fresh (block, living, slots, data)`,
    [
      modelId,
      environmentId,
      numberArray(used.map(({ number }) => number)),
      numberArray(used.map((block) => block.living)),
      numberArray(used.map(({ slots }) => slots)),
      used.map(({ data }) => data),
    ],
  );
}
