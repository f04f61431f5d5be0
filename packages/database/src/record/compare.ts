import { hash } from 'node:crypto';
import type { SaveOperation } from 'model';
import type { Queryable } from '../pool.js';
import { textArray } from './array-text.js';
import type { Batch, BatchItem } from './batch.js';
import type { BlockSealer } from './block.js';
import { deepMerge } from './merge.js';
import type { ModelRow } from './model-row.js';
import type { RecordScope } from './requests.js';
import { withoutVolatile } from './volatile.js';

/** A payload's hash: 16 bytes as a latin1 string, which is made and compared twice as fast as a buffer. */
export type RecordHash = string;

/** A row as it is known. `foreign`: another writer has changed it since, and the execution has asked to leave that alone. */
export type KnownRow = { externalId: string; hash: RecordHash; rowNumber: number; deleted: boolean; pruned: boolean; foreign: boolean };

/** A row as it was found, with the place of its payload. */
type StoredRow = KnownRow & { block: number; slot: number };

/** What a batch asks of one record. `text` is there when a payload must be written, `row` when the record is known. */
export type Change =
  | { kind: 'insert'; externalId: string; hash: RecordHash; text: string; deletedAt: string | null; dead: boolean }
  | { kind: 'revive' | 'update'; row: KnownRow; hash: RecordHash; text: string | null }
  | { kind: 'restore'; row: KnownRow; hash: RecordHash; text: string }
  | { kind: 'delete'; row: KnownRow; deletedAt: string | null };

/** The outcome of a comparison: what to change, and which rows were met unchanged. */
export type Comparison = { changes: Change[]; unchanged: KnownRow[] };

/** What is compared with what. */
export type Comparing = { scope: RecordScope; operation: SaveOperation; batch: Batch; model: ModelRow; blocks: BlockSealer };

/** Compares a batch with what is stored. Undefined when another writer dropped a block in between: compare again. */
export async function compare(client: Queryable, comparing: Comparing): Promise<Comparison | undefined> {
  const { operation, batch, model } = comparing;
  const known = model.nextRow === 0 ? new Map<string, StoredRow>() : await findRows(client, comparing);
  return operation === 'update' ? compareUpdates(client, comparing, known) : compareKnown(operation, batch, known, model);
}

/** Compares a batch that needs no stored payload with the rows that are known. */
export function compareKnown(
  operation: 'save' | 'delete',
  { items }: Batch,
  known: { get: (externalId: string) => KnownRow | undefined },
  model: ModelRow,
): Comparison {
  const outcome = operation === 'save' ? saved : deleted;
  return sort(items.map((item) => outcome(item, known.get(item.externalId), model)));
}

async function compareUpdates(client: Queryable, comparing: Comparing, known: Map<string, StoredRow>): Promise<Comparison | undefined> {
  const living = comparing.batch.items.flatMap((item) => {
    const row = known.get(item.externalId);
    return row && !row.deleted ? [{ item, row }] : [];
  });
  const payloads = await readPayloads(
    client,
    comparing,
    living.map(({ row }) => row),
  );
  return payloads && sort(living.map(({ item, row }, index) => merged(item, row, payloads[index] ?? '{}', comparing.model)));
}

type Outcome = Change | { kind: 'unchanged'; row: KnownRow };

function sort(outcomes: Outcome[]): Comparison {
  const comparison: Comparison = { changes: [], unchanged: [] };
  for (const outcome of outcomes) {
    if (outcome.kind === 'unchanged') comparison.unchanged.push(outcome.row);
    else comparison.changes.push(outcome);
  }
  return comparison;
}

function saved({ externalId, text }: BatchItem, row: KnownRow | undefined, model: ModelRow): Outcome {
  const digest = digestOf(text, model);
  if (!row) return { kind: 'insert', externalId, hash: digest, text, deletedAt: null, dead: false };
  if (row.foreign) return { kind: 'unchanged', row };
  const same = digest === row.hash;
  if (row.deleted) return { kind: 'revive', row, hash: digest, text: same && !row.pruned ? null : text };
  if (!same) return { kind: 'update', row, hash: digest, text };
  return row.pruned ? { kind: 'restore', row, hash: digest, text } : { kind: 'unchanged', row };
}

// The last full payload stays: what a deletion changes is only that the record is gone.
function deleted({ externalId, text, deletedAt }: BatchItem, row: KnownRow | undefined, model: ModelRow): Outcome {
  if (!row) return { kind: 'insert', externalId, hash: digestOf(text, model), text, deletedAt, dead: true };
  return row.deleted || row.foreign ? { kind: 'unchanged', row } : { kind: 'delete', row, deletedAt };
}

function merged({ text: change }: BatchItem, row: KnownRow, old: string, model: ModelRow): Outcome {
  if (row.foreign) return { kind: 'unchanged', row };
  const text = JSON.stringify(deepMerge(JSON.parse(old) as Record<string, unknown>, JSON.parse(change) as Record<string, unknown>));
  const digest = digestOf(text, model);
  return digest === row.hash ? { kind: 'unchanged', row } : { kind: 'update', row, hash: digest, text };
}

export const hashBytes = 16;

/** Keyed, so that a short payload cannot be guessed from its hash; half of SHA-256 is plenty to tell payloads apart. */
function digestOf(text: string, { hashKey, volatile }: ModelRow): RecordHash {
  const telling = volatile.length === 0 ? text : withoutVolatile(text, volatile);
  return hash('sha256', hashKey + telling, 'latin1').slice(0, hashBytes);
}

/** Above every sequence. */
const endless = '9223372036854775807';

async function findRows(client: Queryable, { scope, model, batch }: Comparing): Promise<Map<string, StoredRow>> {
  const { rows } = await client.query<Omit<StoredRow, 'hash'> & { hash: Buffer }>(
    // One look into the primary key per id, whatever the statistics say.
    `select found.* from unnest($4::text[]) as wanted (id) cross join lateral (
       select external_id as "externalId", hash, row_number as "rowNumber", deleted_at is not null as deleted, pruned_at is not null as pruned, block, slot,
         sequence > $5::bigint and not ($6::int8multirange @> sequence) as "foreign"
       from record where connection_id = $1 and model_id = $2 and environment_id = $3 and external_id = wanted.id limit 1
     ) as found`,
    [
      scope.connectionId,
      model.id,
      scope.environmentId,
      textArray(batch.items.map((item) => item.externalId)),
      model.merging?.since ?? endless,
      model.merging?.own ?? '{}',
    ],
  );
  return new Map(rows.map((row) => [row.externalId, { ...row, hash: row.hash.toString('latin1') }]));
}

async function readPayloads(client: Queryable, { scope, model, blocks }: Comparing, rows: StoredRow[]): Promise<string[] | undefined> {
  const wanted = [...new Set(rows.filter((row) => !row.pruned).map((row) => row.block))];
  const { rows: found } = await client.query<{ block: number; data: Buffer }>(
    'select block, data from record_block where model_id = $1 and environment_id = $2 and block = any($3)',
    [model.id, scope.environmentId, wanted],
  );
  if (found.length < wanted.length) return undefined;
  const texts = new Map(await Promise.all(found.map(async ({ block, data }) => [block, await blocks.open(data)] as const)));
  return rows.map((row) => texts.get(row.block)?.[row.slot] ?? '{}');
}
