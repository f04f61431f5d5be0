/** One try of the activity: how `begin` tells attempts apart. */
export type Attempt = { activityId: string; attempt: number; scheduledAt: string };

/** What a run of an execution hangs on. `depth` counts the actions above it that wait for it. */
export type RunRequest = { executionId: string; attempt: Attempt; signal: AbortSignal; onAlive: () => void; depth: number };

/** The attempt of an action that runs inside its parent's activity. */
export function childAttempt(parent: Attempt, executionId: string): Attempt {
  return { ...parent, activityId: `${parent.activityId}/${executionId}` };
}
