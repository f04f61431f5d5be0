import { AppError, type LastAction, type Recent, type RecordPage } from 'model';
import { textArray } from './array-text.js';
import type { Queryable } from '../pool.js';
import { BlockSealer } from './block.js';
import { type Cursor, readCursor, writeCursor } from './cursor.js';

import { partitionOf } from './partition.js';
import type { ListRequest } from './requests.js';
import type { Sealer } from './sealer.js';

const defaultLimit = 100;
const highestLimit = 10_000;

type PageRow = {
  modelId: number;
  id: string;
  sequence: number;
  firstSeen: string;
  changed: string;
  deleted: string | null;
  pruned: string | null;
  block: number;
  slot: number;
  data: Buffer | null;
};

/** A block of a model, opened. */
type OpenBlock = { block: number; texts: string[] };

/** By model the block that the last page ended in, where the next one mostly begins. Blocks never change. */
export type LastBlocks = Recent<number, OpenBlock>;

/** What pages are read with. */
export type Reader = { client: Queryable; sealer: Sealer; lastBlocks: LastBlocks };

/** A page along the change sequence: oldest change first, each block opened once. */
export async function listRecords(reader: Reader, request: ListRequest): Promise<RecordPage> {
  const { rows, next, textOf } = await readPage(reader, request);
  const records = rows.map((row) => JSON.parse(textOf(row)) as RecordPage['records'][number]);
  return { records, next_cursor: next };
}

/** The same page as the JSON text of a {@link RecordPage}: payloads are spliced in as they were stored, never parsed. */
export async function listRecordsText(reader: Reader, request: ListRequest): Promise<string> {
  const { rows, next, textOf } = await readPage(reader, request);
  return `{"records":[${rows.map(textOf).join(',')}],"next_cursor":${JSON.stringify(next)}}`;
}

type Page = { rows: PageRow[]; next: string | null; textOf: (row: PageRow) => string };

async function readPage({ client, sealer, lastBlocks }: Reader, request: ListRequest): Promise<Page> {
  const limit = limitOf(request);
  const cursor = request.cursor === undefined ? undefined : readCursor(request.cursor);
  const known = cursor && lastBlocks.get(cursor.modelId);
  const found = await readRows(client, request, { cursor, knownBlock: known?.block, limit: limit + 1 });
  const rows = found.slice(0, limit);
  const modelId = rows[0]?.modelId ?? 0;
  const blocks = await openBlocks(rows, new BlockSealer(sealer, request.environmentId, modelId));
  // A cursor is the reader's word: what is known of its model is no other model's.
  if (known && cursor.modelId === modelId) blocks.set(known.block, known.texts);
  const last = rows.at(-1);
  const texts = last && blocks.get(last.block);
  if (last && texts) lastBlocks.set(modelId, { block: last.block, texts });
  const next = last && found.length > limit ? writeCursor(modelId, last.sequence) : null;
  return { rows, next, textOf: (row) => recordText(row, blocks) };
}

function limitOf({ limit = defaultLimit }: ListRequest): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= highestLimit) return limit;
  throw new AppError('invalid_query_params', { message: `limit must be a whole number from 1 to ${highestLimit}` });
}

const conditions: Record<LastAction, string> = {
  ADDED: '(deleted_at is null and first_seen_at = changed_at)',
  UPDATED: '(deleted_at is null and first_seen_at <> changed_at)',
  DELETED: 'deleted_at is not null',
};

// Postgres' own text: to_char takes longer than everything else that is done for a row.
const utc = (column: string): string => `(${column} at time zone 'UTC')::text`;

/** Where a page begins, how far it may go, and the block of the cursor's model that is known already. */
type From = { cursor: Cursor | undefined; knownBlock: number | undefined; limit: number };

// One statement, so one snapshot: a block that a writer drops meanwhile is still there for it. Prepared, since planning it takes as long
// as reading a short page. The sub-selects are there for the index: it is entered at the model and left after the limit.
async function readRows(client: Queryable, request: ListRequest, { cursor, knownBlock, limit }: From): Promise<PageRow[]> {
  const { connectionId, environmentId, modifiedAfter, ids, filter = [] } = request;
  const kinds = [...new Set(filter)].toSorted();
  const partition = await partitionOf(client, connectionId);
  const { rows } = await client.query<PageRow>({
    name: `${partition}_page_${ids ? 'of_ids' : ''}_${kinds.join('_')}`,
    text: pageSql(partition, kinds, ids ? 'ids' : 'sequence'),
    values: [
      connectionId,
      request.model,
      environmentId,
      modifiedAfter ?? null,
      cursor?.modelId ?? null,
      cursor?.sequence ?? null,
      limit,
      knownBlock ?? null,
      ...(ids ? [textArray(ids)] : []),
    ],
  });
  return rows;
}

// Either condition names the model; which one decides by which index its rows are found.
const ways = { sequence: '- model_id = (select - id from model)', ids: 'model_id = (select id from model) and external_id = any($9::text[])' };

function pageSql(partition: string, kinds: LastAction[], way: keyof typeof ways): string {
  const filter = kinds.length > 0 ? `and (${kinds.map((kind) => conditions[kind]).join(' or ')})` : '';
  return `with model as (
       select id, greatest(
         case when $4::timestamptz is null then 0 else record_sequence_before(connection_id, id, $4, sequence) end,
         case when id = $5::int then $6::bigint else 0 end
       ) as start
       from record_model where connection_id = $1 and model = $2 and environment_id = $3
     ), page as (
       select * from ${partition} where connection_id = $1 and ${ways[way]} and environment_id = $3
         and sequence > (select start from model)
         and ($4::timestamptz is null or changed_at >= $4) ${filter}
       order by sequence limit $7
     )
     select model_id as "modelId", external_id as id, sequence, ${utc('first_seen_at')} as "firstSeen", ${utc('changed_at')} as changed,
       ${utc('deleted_at')} as deleted, ${utc('pruned_at')} as pruned, block, slot,
       case when row_number() over (partition by block order by sequence) = 1 and block is distinct from case model_id when $5 then $8::int end then (
         select data from record_block b where b.model_id = page.model_id and b.environment_id = $3 and b.block = page.block
       ) end as data
     from page order by sequence`;
}

async function openBlocks(rows: PageRow[], sealer: BlockSealer): Promise<Map<number, string[]>> {
  const opened = rows.flatMap(({ block, data }) => (data ? [sealer.open(data).then((texts) => [block, texts] as const)] : []));
  return new Map(await Promise.all(opened));
}

function recordText(row: PageRow, blocks: Map<number, string[]>): string {
  const text = row.pruned === null ? blocks.get(row.block)?.[row.slot] : `{"id":${JSON.stringify(row.id)}}`;
  if (text === undefined) throw new Error(`payload ${row.block}/${row.slot} of model ${row.modelId} is missing`);
  // A stored payload is an object that has an id and no metadata of its own: what a save keeps.
  return `${text.slice(0, -1)},"_nango_metadata":${metadataText(row)}}`;
}

function metadataText({ firstSeen, changed, deleted, pruned, sequence, modelId }: PageRow): string {
  const action: LastAction = deleted !== null ? 'DELETED' : firstSeen === changed ? 'ADDED' : 'UPDATED';
  return (
    `{"first_seen_at":${isoText(firstSeen)},"last_modified_at":${isoText(changed)},"last_action":"${action}",` +
    `"deleted_at":${isoText(deleted)},"pruned_at":${isoText(pruned)},"cursor":"${writeCursor(modelId, sequence)}"}`
  );
}

/** `2026-01-01 00:00:00.5` as JSON's text of an ISO 8601 time with microseconds. */
function isoText(time: string | null): string {
  if (time === null) return 'null';
  const [seconds = '', fraction = ''] = time.split('.');
  return `"${seconds.replace(' ', 'T')}.${fraction.padEnd(6, '0')}+00:00"`;
}
