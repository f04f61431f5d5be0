import { workflowInfo } from '@temporalio/workflow';
import type { WebhookRunInput, WebhookRunResult } from '../activities.js';
import { scriptsQueueBeside } from '../names.js';
import { webhookActivityOptions } from '../script-activity.js';
import { runToEnd } from './script-run.js';

/** A batch of webhook scripts, each an execution of its own: one workflow for each event would cost more than most of the scripts. */
export async function WebhookRunV1({ environmentId, executionIds }: WebhookRunInput): Promise<WebhookRunResult> {
  const options = webhookActivityOptions(scriptsQueueBeside(workflowInfo().taskQueue), environmentId);
  const ends = await Promise.all(executionIds.map((executionId) => runToEnd(executionId, options)));
  const result: WebhookRunResult = {};
  for (const { status } of ends) result[status] = (result[status] ?? 0) + 1;
  return result;
}
