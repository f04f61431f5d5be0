/** One try of the activity: how `begin` tells attempts apart. */
export type Attempt = { activityId: string; attempt: number; scheduledAt: string };

/**
 * What becomes of an attempt whose call must wait long for its API: it `parks`, and a workflow goes on later; it `refuses`,
 * so that a caller who waits is told when to come again, unless it has written outside; or it `waits` in its jail.
 */
export type LongWaits = 'parks' | 'refuses' | 'waits';

/** What a run of an execution hangs on. `depth` counts the actions above it that wait for it. */
export type RunRequest = { executionId: string; attempt: Attempt; signal: AbortSignal; onAlive: () => void; depth: number; longWaits: LongWaits };

/** The attempt of an action that runs inside its parent's activity. */
export function childAttempt(parent: Attempt, executionId: string): Attempt {
  return { ...parent, activityId: `${parent.activityId}/${executionId}` };
}
