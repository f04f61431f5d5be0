import type { ActivityOptions, Priority, RetryPolicy } from '@temporalio/common';
import { actionActivityId, queueNames } from './names.js';

/** Who goes first on the runners' queue; smaller is sooner. */
export const priorities = { action: 1, webhook: 2, incrementalSync: 3, initialSync: 5 } as const;

// A runner that dies is found out by its heartbeat; the next attempt waits in the queue for another one, however long that takes.
const heartbeatTimeout = '30 seconds';
const retry: RetryPolicy = {
  initialInterval: '1 second',
  maximumInterval: '30 seconds',
  // An environment that runs as many scripts as it may has the next one come again later, and a drained runner hands on what it runs: these are attempts, too.
  maximumAttempts: 1_000,
  nonRetryableErrorTypes: ['unknown_execution', 'execution_fenced'],
};

// How long somebody who waits is kept waiting for a free runner.
const soon = '30 seconds';

/** Options of `runScript` for a sync: a day and a margin. */
export function syncActivityOptions(scriptsQueue: string, environmentId: number, isInitial: boolean): ActivityOptions {
  const priority = priorityOf(isInitial ? priorities.initialSync : priorities.incrementalSync, environmentId);
  return { taskQueue: scriptsQueue, heartbeatTimeout, retry, startToCloseTimeout: '25 hours', cancellationType: 'WAIT_CANCELLATION_COMPLETED', priority };
}

/** Options of `runScript` for an asynchronous action: it may wait a day for a runner. */
export function asyncActionActivityOptions(scriptsQueue: string, environmentId: number): ActivityOptions {
  const priority = priorityOf(priorities.action, environmentId);
  return { taskQueue: scriptsQueue, heartbeatTimeout, retry, startToCloseTimeout: '16 minutes', cancellationType: 'WAIT_CANCELLATION_COMPLETED', priority };
}

/** Options of `runScript` for a webhook: however long it waits for a runner, since the provider was told that it has arrived. */
export function webhookActivityOptions(scriptsQueue: string, environmentId: number): ActivityOptions {
  const priority = priorityOf(priorities.webhook, environmentId);
  return { taskQueue: scriptsQueue, heartbeatTimeout, retry, startToCloseTimeout: '61 minutes', cancellationType: 'WAIT_CANCELLATION_COMPLETED', priority };
}

/** Options of `runScript` for an event script: five minutes and a margin, soon or, where nobody waits for it, within a day. */
export function eventActivityOptions(scriptsQueue: string, { environmentId, isAwaited }: { environmentId: number; isAwaited: boolean }): ActivityOptions {
  return {
    taskQueue: scriptsQueue,
    heartbeatTimeout,
    retry,
    startToCloseTimeout: '330 seconds',
    scheduleToStartTimeout: isAwaited ? soon : '24 hours',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    priority: priorityOf(isAwaited ? priorities.action : priorities.webhook, environmentId),
  };
}

/**
 * Options of the standalone activity of an action whose caller waits.
 * @example await client.activity.start(runScriptActivity, actionActivityOptions(executionId, environmentId, prefix))
 */
export function actionActivityOptions(executionId: string, environmentId: number, prefix: string) {
  return {
    id: actionActivityId(executionId),
    taskQueue: queueNames(prefix).scripts,
    args: [{ executionId }],
    heartbeatTimeout,
    retry,
    startToCloseTimeout: '16 minutes',
    scheduleToStartTimeout: soon,
    // The caller has gone by then; a run that starts later would surprise.
    scheduleToCloseTimeout: '17 minutes',
    priority: priorityOf(priorities.action, environmentId),
    idReusePolicy: 'REJECT_DUPLICATE',
    idConflictPolicy: 'USE_EXISTING',
  } as const;
}

const priorityOf = (priorityKey: number, environmentId: number): Priority => ({ priorityKey, fairnessKey: `environment:${environmentId}` });
