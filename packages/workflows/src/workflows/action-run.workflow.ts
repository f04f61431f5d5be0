import { CancellationScope, continueAsNew, isCancellation, proxyLocalActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { FinishAnswer } from 'model';
import type { ActionRunInput, AsyncActionActivities } from '../activities.js';
import { scriptsQueueBeside } from '../names.js';
import { asyncActionActivityOptions } from '../script-activity.js';
import { runToRest } from './script-run.js';

const { openActionRetry, settleAction } = proxyLocalActivities<AsyncActionActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
});

/** One run of an action nobody waits for, tried again as often as its caller allows; and the form for servers without standalone activities. */
export async function ActionRunV1(input: ActionRunInput): Promise<FinishAnswer> {
  const { executionId, environmentId, maxRetries } = input;
  const options = asyncActionActivityOptions(scriptsQueueBeside(workflowInfo().taskQueue), environmentId);
  let { retry, until, ...current } = input.resumed ?? { executionId, retry: 0, until: undefined };
  for (;;) {
    const rest = await runToRest(current.executionId, options, until);
    if (rest.kind === 'waiting') return continueAsNew<typeof ActionRunV1>({ ...input, resumed: { ...current, retry, until: rest.until } });
    if (maxRetries === undefined) return rest.end;
    const next = retry < maxRetries && mayBeTriedAgain(rest.end) ? await openRetry(executionId, retry + 1) : null;
    if (!next) {
      await CancellationScope.nonCancellable(() => settleAction({ executionId }));
      return rest.end;
    }
    [current, retry, until] = [next, retry + 1, undefined];
  }
}

/** Null when it was cancelled between two tries: then the last one's outcome stands. */
async function openRetry(executionId: string, retry: number): Promise<{ executionId: string } | null> {
  try {
    await sleep(pauseMs(retry));
    return await openActionRetry({ executionId, retry });
  } catch (error) {
    if (isCancellation(error)) return null;
    throw error;
  }
}

const mayBeTriedAgain = ({ status }: FinishAnswer): boolean => status === 'failed' || status === 'lost';

/** A second, then twice as long each time. */
const pauseMs = (retry: number): number => 1_000 * 2 ** (retry - 1);
