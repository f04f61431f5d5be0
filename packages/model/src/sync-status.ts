import { z } from 'zod';
import { RecordCounts } from './record.js';

/** One entry of `GET /sync/status` (surface 4.2). `frequency` is in `ms` notation, e.g. `30m`. */
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
  latestResult: z.record(z.string(), RecordCounts),
  latestExecutionStatus: z.enum(['RUNNING', 'SUCCESS', 'STOPPED', 'CANCELLED']).nullable(),
  recordCount: z.record(z.string(), z.int()),
  checkpoint: z.record(z.string(), z.unknown()).nullable(),
  /** Deletions of this sync that wait for a decision (`/sync/deletions`); absent when there are none. */
  heldDeletions: z.array(z.object({ id: z.uuid(), model: z.string(), missing: z.int(), existing: z.int() })).optional(),
});
export type SyncStatus = z.infer<typeof SyncStatus>;
