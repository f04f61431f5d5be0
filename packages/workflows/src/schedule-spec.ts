/** What the schedule of a sync depends on: an interval, or cron fields with their time zone; neither for a sync that runs only when triggered. */
export type ScheduleInput = { syncId: string; intervalMs: number | null; cron?: { expression: string; timezone: string } | null };

/** When a sync runs: its spec and policies, as Temporal's client takes them. All in milliseconds. */
export type ScheduleTimes = {
  spec: { intervals?: [{ every: number; offset: number }]; cronExpressions?: [string]; timezone?: string; jitter?: number };
  policies: { overlap: 'SKIP'; catchupWindow: number };
};

const shortestCatchupMs = 10_000;
/** What a clock time is worth after an outage. */
const cronCatchupMs = 3_600_000;
const longestJitterMs = 30_000;

/**
 * Every interval, at an offset that the sync's id decides, so that the syncs of a deploy do not all start in the same second;
 * or at the times of a cron expression. Runs do not overlap; after an outage at most one missed run is made up for.
 */
export function scheduleSpec({ syncId, intervalMs, cron }: ScheduleInput): ScheduleTimes {
  if (cron) {
    const { expression, timezone } = cron;
    return { spec: { cronExpressions: [expression], timezone, jitter: longestJitterMs }, policies: policiesFor(cronCatchupMs) };
  }
  const policies = policiesFor(Math.max(intervalMs ?? 0, shortestCatchupMs));
  if (intervalMs === null) return { spec: {}, policies };
  // Temporal keeps whole seconds of an interval's phase.
  const offset = Math.floor((fraction(syncId) * intervalMs) / 1_000) * 1_000;
  return { spec: { intervals: [{ every: intervalMs, offset }], jitter: jitterMs(intervalMs) }, policies };
}

/** When the schedule of an interval next starts a run, jitter aside; null without one. */
export function nextRunAt(input: Pick<ScheduleInput, 'syncId' | 'intervalMs'>, now: Date): Date | null {
  const interval = scheduleSpec({ syncId: input.syncId, intervalMs: input.intervalMs }).spec.intervals?.[0];
  if (!interval) return null;
  const { every, offset } = interval;
  return new Date(offset + (Math.floor((now.getTime() - offset) / every) + 1) * every);
}

const policiesFor = (catchupWindow: number): ScheduleTimes['policies'] => ({ overlap: 'SKIP', catchupWindow });

const jitterMs = (intervalMs: number): number => Math.min(Math.floor(intervalMs / 20), longestJitterMs);

/** A number from 0 to below 1 that only the text decides (FNV-1a). */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
