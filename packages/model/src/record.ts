import { z } from 'zod';

/** A record as a script hands it over: any JSON object with an `id` (string of 1 to 255 characters, or a number). */
export const ScriptRecord = z.looseObject({ id: z.union([z.string().min(1).max(255), z.number()]) });
export type ScriptRecord = z.infer<typeof ScriptRecord>;

/** What last happened to a record (surface 4.3). */
export const LastAction = z.enum(['ADDED', 'UPDATED', 'DELETED']);
export type LastAction = z.infer<typeof LastAction>;

/** Each record of `/records` carries it as `_nango_metadata`. Times are ISO 8601 with microseconds. */
export const RecordMetadata = z.object({
  first_seen_at: z.string(),
  last_modified_at: z.string(),
  last_action: LastAction,
  deleted_at: z.string().nullable(),
  pruned_at: z.string().nullable(),
  cursor: z.string(),
});
export type RecordMetadata = z.infer<typeof RecordMetadata>;

/** A page of `/records`. */
export const RecordPage = z.object({
  records: z.array(z.looseObject({ id: z.string(), _nango_metadata: RecordMetadata })),
  next_cursor: z.string().nullable(),
});
export type RecordPage = z.infer<typeof RecordPage>;

/** What a save did, in records. */
export const RecordCounts = z.object({ added: z.int(), updated: z.int(), deleted: z.int() });
export type RecordCounts = z.infer<typeof RecordCounts>;

/** How a save treats a record: whole, merged into what is there, or gone. */
export const SaveOperation = z.enum(['save', 'update', 'delete']);
export type SaveOperation = z.infer<typeof SaveOperation>;
