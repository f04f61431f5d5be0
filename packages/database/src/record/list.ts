import { AppError, type LastAction, type RecordMetadata, type RecordPage } from 'model';
import type { Queryable } from '../pool.js';
import { BlockSealer } from './block.js';
import { readCursor, writeCursor } from './cursor.js';
import type { ListRequest } from './requests.js';
import type { Sealer } from './sealer.js';

const defaultLimit = 100;
const highestLimit = 10_000;

type PageRow = {
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

/** A page along the change sequence: oldest change first, each block opened once. */
export async function listRecords(client: Queryable, sealer: Sealer, request: ListRequest): Promise<RecordPage> {
  const limit = limitOf(request);
  if (request.cursor !== undefined) readCursor(request.cursor, 0);
  const model = await findStart(client, request);
  if (!model) return { records: [], next_cursor: null };
  const after = Math.max(model.start, request.cursor === undefined ? 0 : readCursor(request.cursor, model.id));
  const rows = await readRows(client, request, { modelId: model.id, after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const blocks = await openBlocks(page, new BlockSealer(sealer, request.environmentId, model.id));
  const records = page.map((row) => toRecord(row, model.id, blocks));
  const next = rows.length > limit ? (records.at(-1)?._nango_metadata.cursor ?? null) : null;
  return { records, next_cursor: next };
}

function limitOf({ limit = defaultLimit }: ListRequest): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= highestLimit) return limit;
  throw new AppError('invalid_query_params', { message: `limit must be a whole number from 1 to ${highestLimit}` });
}

async function findStart(
  client: Queryable,
  { environmentId, connectionId, model, modifiedAfter }: ListRequest,
): Promise<{ id: number; start: number } | undefined> {
  const { rows } = await client.query<{ id: number; start: number }>(
    `select id, case when $4::timestamptz is null then 0 else record_sequence_before(connection_id, id, $4, sequence) end as start
     from record_model where connection_id = $1 and model = $2 and environment_id = $3`,
    [connectionId, model, environmentId, modifiedAfter ?? null],
  );
  return rows[0];
}

const conditions: Record<LastAction, string> = {
  ADDED: '(deleted_at is null and first_seen_at = changed_at)',
  UPDATED: '(deleted_at is null and first_seen_at <> changed_at)',
  DELETED: 'deleted_at is not null',
};

const iso = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')`;

// One statement, so one snapshot: a block that a writer drops meanwhile is still there for it.
async function readRows(
  client: Queryable,
  request: ListRequest,
  { modelId, after, limit }: { modelId: number; after: number; limit: number },
): Promise<PageRow[]> {
  const { connectionId, environmentId, modifiedAfter, ids, filter = [] } = request;
  const kinds = filter.length > 0 ? `and (${[...new Set(filter)].map((kind) => conditions[kind]).join(' or ')})` : '';
  const { rows } = await client.query<PageRow>(
    `with page as (
       select * from record where connection_id = $1 and - model_id = - $2::int and environment_id = $3 and sequence > $4
         and ($5::timestamptz is null or changed_at >= $5) and ($6::text[] is null or external_id = any($6)) ${kinds}
       order by sequence limit $7
     )
     select external_id as id, sequence, ${iso('first_seen_at')} as "firstSeen", ${iso('changed_at')} as changed, ${iso('deleted_at')} as deleted, ${iso('pruned_at')} as pruned, block, slot,
       case row_number() over (partition by block order by sequence) when 1 then (
         select data from record_block b where b.model_id = $2 and b.environment_id = $3 and b.block = page.block
       ) end as data
     from page order by sequence`,
    [connectionId, modelId, environmentId, after, modifiedAfter ?? null, ids ?? null, limit],
  );
  return rows;
}

async function openBlocks(rows: PageRow[], sealer: BlockSealer): Promise<Map<number, string[]>> {
  const opened = rows.flatMap(({ block, data }) => (data ? [sealer.open(data).then((texts) => [block, texts] as const)] : []));
  return new Map(await Promise.all(opened));
}

function toRecord(row: PageRow, modelId: number, blocks: Map<number, string[]>): RecordPage['records'][number] {
  const text = row.pruned === null ? blocks.get(row.block)?.[row.slot] : '{}';
  if (text === undefined) throw new Error(`payload ${row.block}/${row.slot} of model ${modelId} is missing`);
  const metadata: RecordMetadata = {
    first_seen_at: row.firstSeen,
    last_modified_at: row.changed,
    last_action: row.deleted !== null ? 'DELETED' : row.firstSeen === row.changed ? 'ADDED' : 'UPDATED',
    deleted_at: row.deleted,
    pruned_at: row.pruned,
    cursor: writeCursor(modelId, row.sequence),
  };
  return { ...(JSON.parse(text) as object), id: row.id, _nango_metadata: metadata };
}
