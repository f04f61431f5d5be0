import { AppError, type SaveOperation, type ScriptRecord } from 'model';

/** A record of a batch, ready to be compared. `text` is its payload as it will be stored. */
export type BatchItem = { externalId: string; text: string; deletedAt: string | null };

/** A batch without repeats: of records with the same id the first is kept and the id reported. */
export type Batch = { items: BatchItem[]; duplicates: string[] };

const longestId = 255;
const metadataKey = '_nango_metadata';

/** @throws AppError `invalid_record` when a record has no usable id or a deletion no readable time. */
export function prepareBatch(operation: SaveOperation, records: ScriptRecord[]): Batch {
  const items = new Map<string, BatchItem>();
  const duplicates = new Set<string>();
  for (const record of records) {
    const externalId = externalIdOf(record);
    if (items.has(externalId)) duplicates.add(externalId);
    else items.set(externalId, operation === 'delete' ? deletion(externalId, record) : { externalId, text: textOf(record, externalId), deletedAt: null });
  }
  return { items: [...items.values()], duplicates: [...duplicates] };
}

function externalIdOf({ id }: ScriptRecord): string {
  if (typeof id === 'number' && Number.isFinite(id)) return String(id);
  const externalId = typeof id === 'string' ? id.replaceAll('\0', '') : '';
  if (externalId.length > 0 && externalId.length <= longestId) return externalId;
  throw new AppError('invalid_record', { message: `A record needs an id: a number, or a string of 1 to ${longestId} characters.` });
}

// The key order stays: it is part of what decides whether a record has changed.
function textOf(record: ScriptRecord, externalId: string): string {
  if (record.id === externalId && !(metadataKey in record)) return JSON.stringify(record);
  const { [metadataKey]: _, ...rest } = record;
  return JSON.stringify({ ...rest, id: externalId });
}

function deletion(externalId: string, { deletedAt, ...record }: ScriptRecord): BatchItem {
  const at = deletedAt === undefined || deletedAt === null ? null : readTime(deletedAt);
  return { externalId, text: textOf(record as ScriptRecord, externalId), deletedAt: at };
}

function readTime(value: unknown): string {
  const time = typeof value === 'string' || typeof value === 'number' || value instanceof Date ? new Date(value) : undefined;
  if (!time || Number.isNaN(time.getTime())) throw new AppError('invalid_record', { message: 'A record to delete has a deletedAt that is no date.' });
  return time.toISOString();
}
