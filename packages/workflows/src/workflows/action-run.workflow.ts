import { CancellationScope, isCancellation, proxyLocalActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { FinishAnswer } from 'model';
import type { ActionRunInput, AsyncActionActivities } from '../activities.js';
import { scriptsQueueBeside } from '../names.js';
import { asyncActionActivityOptions } from '../script-activity.js';
import { runToEnd } from './script-run.js';

const { openActionRetry, settleAction } = proxyLocalActivities<AsyncActionActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

/** One run of an action nobody waits for, tried again as often as its caller allows; and the form for servers without standalone activities. */
export async function ActionRunV1({ executionId, environmentId, maxRetries }: ActionRunInput): Promise<FinishAnswer> {
  const run = (id: string): Promise<FinishAnswer> => runToEnd(id, asyncActionActivityOptions(scriptsQueueBeside(workflowInfo().taskQueue), environmentId));
  if (maxRetries === undefined) return run(executionId);
  let end = await run(executionId);
  try {
    for (let retry = 1; retry <= maxRetries && mayBeTriedAgain(end); retry += 1) {
      await sleep(pauseMs(retry));
      end = await run((await openActionRetry({ executionId, retry })).executionId);
    }
  } catch (error) {
    // Cancelled between two tries: the last one's outcome stands.
    if (!isCancellation(error)) throw error;
  }
  await CancellationScope.nonCancellable(() => settleAction({ executionId }));
  return end;
}

const mayBeTriedAgain = ({ status }: FinishAnswer): boolean => status === 'failed' || status === 'lost';

/** A second, then twice as long each time. */
const pauseMs = (retry: number): number => 1_000 * 2 ** (retry - 1);
