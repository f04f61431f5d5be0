import { z } from 'zod';

/** Where a deletion by tracking stands. */
export const RecordDeletionState = z.enum(['held', 'applied', 'dropped', 'superseded', 'undone']);
export type RecordDeletionState = z.infer<typeof RecordDeletionState>;

/** Why a deletion waits: every record that was there would go, or a larger share than the environment allows unasked. */
export const HoldReason = z.enum(['all', 'share']);
export type HoldReason = z.infer<typeof HoldReason>;

/** What came of a search for records that are gone. */
export const DeletionVerdict = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('deleted'), ids: z.array(z.string()) }),
  z.object({ kind: z.literal('held'), deletionId: z.uuid(), missing: z.int(), existing: z.int(), reason: HoldReason }),
  z.object({ kind: z.literal('spared'), reason: z.enum(['swallowed_error', 'not_tracked']) }),
]);
export type DeletionVerdict = z.infer<typeof DeletionVerdict>;

/** One entry of `GET /sync/deletions`: records that a run did not find. `share` is of those that were there, 0 to 1. */
export const RecordDeletion = z.object({
  id: z.uuid(),
  connection_id: z.string(),
  provider_config_key: z.string(),
  sync_name: z.string().nullable(),
  sync_variant: z.string().nullable(),
  model: z.string(),
  state: RecordDeletionState,
  /** Null when it was never held. */
  reason: HoldReason.nullable(),
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

/** What a team can decide: do what was held, forget it, take back what was done. */
export const DeletionDecision = z.enum(['apply', 'drop', 'undo']);
export type DeletionDecision = z.infer<typeof DeletionDecision>;

/** Answer of `POST /sync/deletions/{id}/undo`: how many records are there again. */
export const UndoneDeletion = z.object({ deletion: RecordDeletion, restored: z.int() });
export type UndoneDeletion = z.infer<typeof UndoneDeletion>;
