/** What the schedule of a sync depends on. `intervalMs` is null for a sync that runs only when triggered. */
export type ScheduleInput = { syncId: string; intervalMs: number | null };

/** When a sync runs: its spec and policies, as Temporal's client takes them. All in milliseconds. */
export type ScheduleTimes = {
  spec: { intervals?: [{ every: number; offset: number }]; jitter?: number };
  policies: { overlap: 'SKIP'; catchupWindow: number };
};

const shortestCatchupMs = 10_000;
const longestJitterMs = 30_000;

/**
 * Every interval, at an offset that the sync's id decides, so that the syncs of a deploy do not all start in the same second.
 * Runs do not overlap; after an outage at most one missed run is made up for.
 */
export function scheduleSpec({ syncId, intervalMs }: ScheduleInput): ScheduleTimes {
  const catchupWindow = Math.max(intervalMs ?? 0, shortestCatchupMs);
  const policies = { overlap: 'SKIP', catchupWindow } as const;
  if (intervalMs === null) return { spec: {}, policies };
  // Temporal keeps whole seconds of an interval's phase.
  const offset = Math.floor((fraction(syncId) * intervalMs) / 1_000) * 1_000;
  return { spec: { intervals: [{ every: intervalMs, offset }], jitter: Math.min(Math.floor(intervalMs / 20), longestJitterMs) }, policies };
}

/** When the schedule next starts a run, jitter aside; null for a sync without an interval. */
export function nextRunAt(input: ScheduleInput, now: Date): Date | null {
  const interval = scheduleSpec(input).spec.intervals?.[0];
  if (!interval) return null;
  const { every, offset } = interval;
  return new Date(offset + (Math.floor((now.getTime() - offset) / every) + 1) * every);
}

/** A number from 0 to below 1 that only the text decides (FNV-1a). */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
