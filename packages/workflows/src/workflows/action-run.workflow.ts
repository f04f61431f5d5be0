import { workflowInfo } from '@temporalio/workflow';
import type { FinishAnswer } from 'model';
import type { ActionRunInput } from '../activities.js';
import { scriptsQueueBeside } from '../names.js';
import { asyncActionActivityOptions } from '../script-activity.js';
import { runToEnd } from './script-run.js';

/** One run of an action nobody waits for, and the form for servers without standalone activities. */
export async function ActionRunV1({ executionId, environmentId }: ActionRunInput): Promise<FinishAnswer> {
  return runToEnd(executionId, asyncActionActivityOptions(scriptsQueueBeside(workflowInfo().taskQueue), environmentId));
}
