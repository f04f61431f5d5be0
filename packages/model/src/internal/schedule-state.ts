import { z } from 'zod';

/** What a sync's row asks its schedule to be. `deleted` rows are removed with their schedule and records. */
export const SyncState = z.enum(['started', 'paused', 'deleted']);
export type SyncState = z.infer<typeof SyncState>;

/** Options of a manually triggered run, kept in the sync's row until a run takes them. */
export const RunOptions = z.object({ fullResync: z.boolean().optional(), emptyCache: z.boolean().optional() });
export type RunOptions = z.infer<typeof RunOptions>;
