import type { ActivityOptions } from '@temporalio/common';
import { CancellationScope, isCancellation, proxyActivities, proxyLocalActivities, sleep } from '@temporalio/workflow';
import type { FinishAnswer } from 'model';
import type { OrchestratorActivities, RunnerActivities } from '../activities.js';

// A database that is away for a while is waited for: without an end to the attempts, with a timer between them.
const orchestrator = proxyLocalActivities<OrchestratorActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

/** Opens a sync's execution, beside the database. */
export const { openSyncExecution } = orchestrator;

/**
 * Runs an execution's script, and again when the time has come where it waits for something; if no runner brings it to an
 * end, ends it as lost (or as cancelled, when that was asked).
 */
export async function runToEnd(executionId: string, options: ActivityOptions): Promise<FinishAnswer> {
  const { runScript } = proxyActivities<RunnerActivities>(options);
  try {
    for (;;) {
      const { status, until } = await runScript({ executionId });
      if (status !== 'parked' || until === undefined) return { status };
      await sleep(Math.max(0, Date.parse(until) - Date.now()));
    }
  } catch (error) {
    const cancelled = isCancellation(error);
    return CancellationScope.nonCancellable(() => orchestrator.closeLostExecution({ executionId, cancelled }));
  }
}
