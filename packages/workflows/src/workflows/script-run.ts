import type { ActivityOptions } from '@temporalio/common';
import { CancellationScope, isCancellation, patched, proxyActivities, proxyLocalActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { FinishAnswer } from 'model';
import type { OrchestratorActivities, RunnerActivities } from '../activities.js';

// A database that is away for a while is waited for: without an end to the attempts, with a timer between them.
const orchestrator = proxyLocalActivities<OrchestratorActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

/** Opens a sync's execution, beside the database. */
export const { openSyncExecution } = orchestrator;

/** How a run comes to rest: ended, or waiting for a moment that another run of the workflow is to wait for, since this one's history is long. */
export type Rest = { kind: 'ended'; end: FinishAnswer } | { kind: 'waiting'; until: string };

/**
 * Runs an execution's script, from `until` on if that is given, and again when the time has come where it waits for something;
 * if no runner brings it to an end, ends it as lost (or as cancelled, when that was asked).
 */
export async function runToRest(executionId: string, options: ActivityOptions, until?: string): Promise<Rest> {
  const { runScript } = proxyActivities<RunnerActivities>(options);
  try {
    if (until !== undefined) await sleepUntil(until);
    for (;;) {
      const answer = await runScript({ executionId });
      if (answer.status !== 'parked' || answer.until === undefined) return { kind: 'ended', end: { status: answer.status } };
      if (isToContinueAsNew()) return { kind: 'waiting', until: answer.until };
      await sleepUntil(answer.until);
    }
  } catch (error) {
    const cancelled = isCancellation(error);
    return { kind: 'ended', end: await CancellationScope.nonCancellable(() => orchestrator.closeLostExecution({ executionId, cancelled })) };
  }
}

/** Whether the workflow is being cancelled: the next run would not hear of it. */
export const isCancelled = (): boolean => CancellationScope.current().consideredCancelled;

// The patch is asked for last: a marker in every history would be one too many.
const isToContinueAsNew = (): boolean => !isCancelled() && workflowInfo().continueAsNewSuggested && patched('parks-continue-as-new');

const sleepUntil = (until: string): Promise<void> => sleep(Math.max(0, Date.parse(until) - Date.now()));
