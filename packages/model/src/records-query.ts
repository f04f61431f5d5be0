import { z } from 'zod';
import { baseVariant, ModelName } from './names.js';
import { LastAction } from './record.js';

const kinds = new Map<string, LastAction>([
  ['added', 'ADDED'],
  ['updated', 'UPDATED'],
  ['deleted', 'DELETED'],
]);

/** `filter` of the record routes: `added`, `updated`, `deleted` in any case, several joined with commas. */
const RecordFilter = z.string().transform((text, context): LastAction[] => {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const found = names.flatMap((name) => kinds.get(name) ?? []);
  if (found.length === names.length) return [...new Set(found)];
  context.addIssue({ code: 'custom', message: 'may be added, updated, deleted, or several of them joined with commas' });
  return z.NEVER;
});

/** A moment as callers write it; kept as text, for what JavaScript would round away. */
const Moment = z.string().refine((text) => !Number.isNaN(Date.parse(text)) && isOnCalendar(text), 'is not a point in time');

// `Date` takes the 30th of February for the 2nd of March.
function isOnCalendar(text: string): boolean {
  const date = /^\d{4}-\d\d-\d\d/.exec(text)?.[0];
  return date === undefined || new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

/** Query of `GET /records` (surface 4.3). */
export const RecordsQuery = z.object({
  model: ModelName,
  variant: z.string().min(1).max(255).default(baseVariant),
  cursor: z.string().min(1).max(1000).optional(),
  modified_after: Moment.optional(),
  delta: Moment.optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  filter: RecordFilter.optional(),
  ids: z.array(z.string().min(1).max(256)).max(100).optional(),
});
export type RecordsQuery = z.infer<typeof RecordsQuery>;

/** Body of `PATCH /records/prune`: payloads up to the record with this cursor go. */
export const PruneRecords = z.object({
  model: ModelName,
  variant: z.string().min(1).max(255).default(baseVariant),
  until_cursor: z.string().min(1).max(1000),
  limit: z.int().min(1).max(10_000).default(1000),
});
export type PruneRecords = z.infer<typeof PruneRecords>;

/** Answer of `PATCH /records/prune`. */
export const PrunedRecords = z.object({ count: z.int(), has_more: z.boolean() });
export type PrunedRecords = z.infer<typeof PrunedRecords>;

/** Query of the first era's `GET /sync/records`. */
export const LegacyRecordsQuery = z.object({
  model: ModelName,
  delta: Moment.optional(),
  limit: z.coerce.number().int().min(1).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  sort_by: z.enum(['created_at', 'updated_at', 'id']).default('id'),
  order: z.enum(['asc', 'desc']).default('desc'),
  filter: RecordFilter.optional(),
  include_nango_metadata: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
});
export type LegacyRecordsQuery = z.infer<typeof LegacyRecordsQuery>;
