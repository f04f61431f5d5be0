import type { FinishAnswer, RunAnswer, RunKind } from 'model';

/** Activities of the orchestrator, beside the database; run as local activities. */
export interface OrchestratorActivities {
  /** Opens the sync's execution for this workflow run: row, operation and lease. A repeat finds its own. */
  openSyncExecution(input: { syncId: string; workflowRunId: string }): Promise<SyncExecutionOpening>;
  /** Ends an execution that no runner will end any more. Answers how it ended if it had already. */
  closeLostExecution(input: { executionId: string; cancelled: boolean }): Promise<FinishAnswer>;
}

/** Activities of a runner. */
export interface RunnerActivities {
  /** Runs an execution's script in a jail, to its end or until it has to wait long. Beats while the script lives. */
  runScript(input: { executionId: string }): Promise<RunAnswer>;
}

/** What came of opening a sync's execution. */
export type SyncExecutionOpening = { kind: 'opened'; executionId: string; environmentId: number; runKind: RunKind } | { kind: 'skipped'; reason: string };

/** Input of `SyncRunV1`. */
export type SyncRunInput = { syncId: string };

/** Result of `SyncRunV1`: ids and statuses, never data. */
export type SyncRunResult = { kind: 'ended'; executionId: string; status: FinishAnswer['status'] } | { kind: 'skipped'; reason: string };

/** Input of `ActionRunV1`. */
export type ActionRunInput = { executionId: string; environmentId: number };
