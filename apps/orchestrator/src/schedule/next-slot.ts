import { nextCronRun } from 'manifest/interval';
import { nextRunAt } from 'workflows';

/** What decides when a sync runs by itself. */
export type SyncRhythm = { syncId: string; intervalMs: number | null; cron: string | null };

/** The first slot of a sync's schedule after a moment, jitter aside; null when it never runs by itself. */
export function nextSlot({ syncId, intervalMs, cron }: SyncRhythm, after: Date): Date | null {
  return cron === null ? nextRunAt({ syncId, intervalMs }, after) : nextCronRun(cron, after);
}
