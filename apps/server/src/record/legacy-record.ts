import type { LegacyRecordsQuery, RecordPage } from 'model';

type PageRecord = RecordPage['records'][number];

/** The first era's array: sorted and cut as asked, its metadata inline or around the record. */
export function toLegacyRecords(records: PageRecord[], query: LegacyRecordsQuery): unknown[] {
  const sorted = records.toSorted(comparators[query.sort_by]);
  if (query.order === 'desc') sorted.reverse();
  const end = query.limit === undefined ? undefined : query.offset + query.limit;
  return sorted.slice(query.offset, end).map(query.include_nango_metadata ? wrapped : inline);
}

const comparators: Record<LegacyRecordsQuery['sort_by'], (left: PageRecord, right: PageRecord) => number> = {
  id: (left, right) => compare(left.id, right.id),
  created_at: (left, right) => compare(left._nango_metadata.first_seen_at, right._nango_metadata.first_seen_at) || compare(left.id, right.id),
  updated_at: (left, right) => compare(left._nango_metadata.last_modified_at, right._nango_metadata.last_modified_at) || compare(left.id, right.id),
};

// Texts of one shape: their order is that of the moments they tell.
function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function metadataOf({ _nango_metadata: { first_seen_at, last_modified_at, deleted_at, last_action } }: PageRecord) {
  return { first_seen_at, last_modified_at, deleted_at, last_action };
}

function inline(record: PageRecord): unknown {
  return { ...record, _nango_metadata: metadataOf(record) };
}

function wrapped(item: PageRecord): unknown {
  const { _nango_metadata: _, ...record } = item;
  return { ...metadataOf(item), record };
}
