import { workflowInfo } from '@temporalio/workflow';
import type { SyncRunInput, SyncRunResult } from '../activities.js';
import { scriptsQueueBeside, workflowRunName } from '../names.js';
import { syncActivityOptions } from '../script-activity.js';
import { openSyncExecution, runToEnd } from './script-run.js';

/** One run of a sync, started by its schedule: takes the lease, runs the script, and ends the execution if nobody else can. */
export async function SyncRunV1({ syncId }: SyncRunInput): Promise<SyncRunResult> {
  const { workflowId, runId, taskQueue } = workflowInfo();
  const opening = await openSyncExecution({ syncId, workflowRunId: workflowRunName(workflowId, runId) });
  if (opening.kind === 'skipped') return opening;
  const { executionId, environmentId, runKind } = opening;
  const { status } = await runToEnd(executionId, syncActivityOptions(scriptsQueueBeside(taskQueue), environmentId, runKind === 'INITIAL'));
  return { kind: 'ended', executionId, status };
}
