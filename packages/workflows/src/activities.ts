import type { FinishAnswer, RunAnswer, RunKind } from 'model';

/** Activities of the orchestrator, beside the database; run as local activities. */
export interface OrchestratorActivities {
  /** Opens the sync's execution for this workflow run: row, operation and lease. A repeat finds its own. */
  openSyncExecution(input: { syncId: string; workflowRunId: string }): Promise<SyncExecutionOpening>;
  /** Ends an execution that no runner will end any more. Answers how it ended if it had already. */
  closeLostExecution(input: { executionId: string; cancelled: boolean }): Promise<FinishAnswer>;
}

/** Activities of the orchestrator around asynchronous actions; run as local activities. */
export interface AsyncActionActivities {
  /** Opens the next try of an action that has failed. A repeat finds its own. */
  openActionRetry(input: { executionId: string; retry: number }): Promise<{ executionId: string }>;
  /** Makes the outcome of an action's last try its own: who asks is told, the product gets its webhook, the next one has its turn. */
  settleAction(input: { executionId: string }): Promise<void>;
}

/** Activities of a runner. */
export interface RunnerActivities {
  /** Runs an execution's script in a jail, to its end or until it has to wait long. Beats while the script lives. */
  runScript(input: { executionId: string }): Promise<RunAnswer>;
}

/** What came of opening a sync's execution. */
export type SyncExecutionOpening = { kind: 'opened'; executionId: string; environmentId: number; runKind: RunKind } | { kind: 'skipped'; reason: string };

/** Input of `SyncRunV1`. `resumed`: the run goes on with an execution that an earlier run has opened, and which waits. */
export type SyncRunInput = { syncId: string; resumed?: Extract<SyncExecutionOpening, { kind: 'opened' }> & { until: string } };

/** Result of `SyncRunV1`: ids and statuses, never data. */
export type SyncRunResult = { kind: 'ended'; executionId: string; status: FinishAnswer['status'] } | { kind: 'skipped'; reason: string };

/** Input of `ActionRunV1`. With `maxRetries` it is an asynchronous action, with its turn, its tries and its end; without, a plain run. `resumed`: the try that waits. */
export type ActionRunInput = {
  executionId: string;
  environmentId: number;
  maxRetries?: number;
  resumed?: { executionId: string; retry: number; until: string };
};

/** Input of `WebhookRunV1`: the runs of a batch, opened already. `resumed`: until when they wait, and how the others have ended. */
export type WebhookRunInput = { environmentId: number; executionIds: string[]; resumed?: { waiting: Record<string, string>; ended: WebhookRunResult } };

/** Result of `WebhookRunV1`: how many runs ended how. */
export type WebhookRunResult = Partial<Record<FinishAnswer['status'], number>>;

/** Input of `EventRunV1`. `isAwaited`: somebody waits for it, and not for long. `until`: it waits. */
export type EventRunInput = { executionId: string; environmentId: number; isAwaited: boolean; until?: string };
