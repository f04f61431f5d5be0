import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { WebhookRunInput, WebhookRunResult } from '../activities.js';
import { scriptsQueueBeside } from '../names.js';
import { webhookActivityOptions } from '../script-activity.js';
import { isCancelled, type Rest, runToRest } from './script-run.js';

/** A batch of webhook scripts, each an execution of its own: one workflow for each event would cost more than most of the scripts. */
export async function WebhookRunV1({ environmentId, executionIds, resumed }: WebhookRunInput): Promise<WebhookRunResult> {
  const options = webhookActivityOptions(scriptsQueueBeside(workflowInfo().taskQueue), environmentId);
  const result: WebhookRunResult = { ...resumed?.ended };
  let waiting: Record<string, string> = {};
  const rest = async (executionId: string, until?: string): Promise<void> => note(executionId, await runToRest(executionId, options, until));
  const note = (executionId: string, found: Rest): void => {
    if (found.kind === 'waiting') waiting[executionId] = found.until;
    else result[found.end.status] = (result[found.end.status] ?? 0) + 1;
  };
  await Promise.all(executionIds.map((executionId) => rest(executionId, resumed?.waiting[executionId])));
  if (isCancelled()) {
    const left = Object.entries(waiting);
    waiting = {};
    await Promise.all(left.map(([executionId, until]) => rest(executionId, until)));
  }
  const ids = Object.keys(waiting);
  if (ids.length > 0) return continueAsNew<typeof WebhookRunV1>({ environmentId, executionIds: ids, resumed: { waiting, ended: result } });
  return result;
}
