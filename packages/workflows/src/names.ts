/** Types of workflows and activities: a public interface from the first day, since running ones carry them. */
export const workflowTypes = { syncRun: 'SyncRunV1', actionRun: 'ActionRunV1', webhookRun: 'WebhookRunV1', eventRun: 'EventRunV1' } as const;

/** The activity that runs a script in a runner. */
export const runScriptActivity = 'runScript';

const suffixes = { workflows: '-workflows', scripts: '-scripts' } as const;

/** The task queues of a stack. `prefix` is `NANGO_QUEUE_PREFIX`. */
export function queueNames(prefix: string): { workflows: string; scripts: string } {
  return { workflows: `${prefix}${suffixes.workflows}`, scripts: `${prefix}${suffixes.scripts}` };
}

/** The runners' queue that goes with a workflow's own. */
export function scriptsQueueBeside(workflowsQueue: string): string {
  return queueNames(workflowsQueue.slice(0, -suffixes.workflows.length)).scripts;
}

/** Of the schedule of a sync, and the base of its workflows' ids: Temporal appends the time to those it starts. */
export const syncScheduleId = (syncId: string): string => `sync:${syncId}`;

/** Of the workflow of an asynchronous action. */
export const actionWorkflowId = (executionId: string): string => `action:${executionId}`;

/** Of the workflow that runs a batch of webhook scripts. */
export const webhookWorkflowId = (batchId: string): string => `webhooks:${batchId}`;

/** Of the workflow of an event script. */
export const eventWorkflowId = (executionId: string): string => `event:${executionId}`;

/** Of the standalone activity of an action whose caller waits. */
export const actionActivityId = (executionId: string): string => executionId;

/** One run of a workflow in one text, as an execution's row keeps it. */
export const workflowRunName = (workflowId: string, runId: string): string => `${workflowId}/${runId}`;

/** What {@link workflowRunName} joined. */
export function parseWorkflowRunName(name: string): { workflowId: string; runId: string } {
  const slash = name.lastIndexOf('/');
  return { workflowId: name.slice(0, slash), runId: name.slice(slash + 1) };
}
