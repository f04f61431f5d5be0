import { z } from 'zod';
import { SyncFrequencyUpdate } from '../sync-command.js';

/** Body of `POST /api/v1/syncs/{id}/trigger`: start over from the beginning, and with an empty cache. */
export const DashboardSyncTrigger = z.object({ reset: z.boolean().optional(), emptyCache: z.boolean().optional() });
export type DashboardSyncTrigger = z.infer<typeof DashboardSyncTrigger>;

/** Body of `PUT /api/v1/syncs/{id}/frequency`: as `runs` in the manifest; null goes back to it. */
export const DashboardSyncFrequency = SyncFrequencyUpdate.pick({ frequency: true });
export type DashboardSyncFrequency = z.infer<typeof DashboardSyncFrequency>;
