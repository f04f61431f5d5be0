import { z } from 'zod';
import { RecordCounts } from './record.js';

/** A slot of a schedule that went by without a run: the last one was still under way, or nobody was there to start it in time. */
export const SkippedSlot = z.object({ at: z.string(), reason: z.enum(['already_running', 'missed']) });
export type SkippedSlot = z.infer<typeof SkippedSlot>;

/** One entry of `GET /sync/status` (surface 4.2). `frequency` is in `ms` notation, e.g. `30m`, or a cron schedule as the manifest has it; `skipped` goes beyond the surface. */
export const SyncStatus = z.object({
  id: z.uuid(),
  connection_id: z.string(),
  name: z.string(),
  variant: z.string(),
  status: z.enum(['RUNNING', 'SUCCESS', 'ERROR', 'STOPPED', 'PAUSED']),
  type: z.enum(['INITIAL', 'INCREMENTAL']),
  finishedAt: z.string().nullable(),
  nextScheduledSyncAt: z.string().nullable(),
  frequency: z.string(),
  skipped: SkippedSlot.nullable(),
  latestResult: z.record(z.string(), RecordCounts),
  latestExecutionStatus: z.enum(['RUNNING', 'SUCCESS', 'STOPPED', 'CANCELLED']).nullable(),
  recordCount: z.record(z.string(), z.int()),
  checkpoint: z.record(z.string(), z.unknown()).nullable(),
  /** Deletions of this sync that wait for a decision (`/sync/deletions`); absent when there are none. */
  heldDeletions: z.array(z.object({ id: z.uuid(), model: z.string(), missing: z.int(), existing: z.int() })).optional(),
});
export type SyncStatus = z.infer<typeof SyncStatus>;
