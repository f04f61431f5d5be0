import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { SyncRunInput, SyncRunResult } from '../activities.js';
import { scriptsQueueBeside, workflowRunName } from '../names.js';
import { syncActivityOptions } from '../script-activity.js';
import { openSyncExecution, runToRest } from './script-run.js';

/** One run of a sync, started by its schedule: takes the lease, runs the script, and ends the execution if nobody else can. */
export async function SyncRunV1({ syncId, resumed }: SyncRunInput): Promise<SyncRunResult> {
  const { workflowId, runId, taskQueue } = workflowInfo();
  const opening = resumed ?? (await openSyncExecution({ syncId, workflowRunId: workflowRunName(workflowId, runId) }));
  if (opening.kind === 'skipped') return opening;
  const { executionId, environmentId, runKind } = opening;
  const rest = await runToRest(executionId, syncActivityOptions(scriptsQueueBeside(taskQueue), environmentId, runKind === 'INITIAL'), resumed?.until);
  if (rest.kind === 'waiting') return continueAsNew<typeof SyncRunV1>({ syncId, resumed: { ...opening, until: rest.until } });
  return { kind: 'ended', executionId, status: rest.end.status };
}
