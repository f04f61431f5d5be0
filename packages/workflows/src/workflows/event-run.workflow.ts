import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { FinishAnswer } from 'model';
import type { EventRunInput } from '../activities.js';
import { scriptsQueueBeside } from '../names.js';
import { eventActivityOptions } from '../script-activity.js';
import { runToRest } from './script-run.js';

/** One run of a script at a moment of a connection's life. */
export async function EventRunV1({ until, ...input }: EventRunInput): Promise<FinishAnswer> {
  const rest = await runToRest(input.executionId, eventActivityOptions(scriptsQueueBeside(workflowInfo().taskQueue), input), until);
  if (rest.kind === 'waiting') return continueAsNew<typeof EventRunV1>({ ...input, until: rest.until });
  return rest.end;
}
