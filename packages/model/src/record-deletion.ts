import { z } from 'zod';

/** Where a deletion by tracking stands. */
export const RecordDeletionState = z.enum(['held', 'applied', 'dropped', 'superseded', 'undone']);
export type RecordDeletionState = z.infer<typeof RecordDeletionState>;

/** One entry of `GET /sync/deletions`: records that a run did not find. `share` is of those that were there, 0 to 1. */
export const RecordDeletion = z.object({
  id: z.uuid(),
  connection_id: z.string(),
  provider_config_key: z.string(),
  sync_name: z.string().nullable(),
  sync_variant: z.string().nullable(),
  model: z.string(),
  state: RecordDeletionState,
  /** Why it is or was held: all records that were there would go, or more than the environment allows unasked. */
  reason: z.enum(['all', 'share']).nullable(),
  missing: z.int(),
  existing: z.int(),
  share: z.number(),
  deleted: z.int(),
  created_at: z.iso.datetime(),
  decided_at: z.iso.datetime().nullable(),
  /** Until when an applied deletion can be undone. */
  undo_until: z.iso.datetime().nullable(),
});
export type RecordDeletion = z.infer<typeof RecordDeletion>;

/** Query of `GET /sync/deletions`. */
export const RecordDeletionQuery = z.object({
  state: RecordDeletionState.optional(),
  provider_config_key: z.string().min(1).optional(),
  connection_id: z.string().min(1).optional(),
});
export type RecordDeletionQuery = z.infer<typeof RecordDeletionQuery>;

/** Answer of `POST /sync/deletions/{id}/undo`: how many records are there again. */
export const UndoneDeletion = z.object({ deletion: RecordDeletion, restored: z.int() });
export type UndoneDeletion = z.infer<typeof UndoneDeletion>;
