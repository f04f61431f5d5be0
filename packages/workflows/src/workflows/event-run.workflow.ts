import { workflowInfo } from '@temporalio/workflow';
import type { FinishAnswer } from 'model';
import type { EventRunInput } from '../activities.js';
import { scriptsQueueBeside } from '../names.js';
import { eventActivityOptions } from '../script-activity.js';
import { runToEnd } from './script-run.js';

/** One run of a script at a moment of a connection's life. */
export async function EventRunV1({ executionId, ...run }: EventRunInput): Promise<FinishAnswer> {
  return runToEnd(executionId, eventActivityOptions(scriptsQueueBeside(workflowInfo().taskQueue), run));
}
