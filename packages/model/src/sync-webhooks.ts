import type { CheckpointRange } from './checkpoint.js';
import type { ExecutionError } from './internal/execution.js';
import type { RecordCounts } from './record.js';
import { RunKind, type SyncWebhook } from './webhook.js';

/** Whom a sync's webhooks tell of what, and when they are sent (surface 6.1). */
export type SyncFacts = {
  connectionId: string;
  providerConfigKey: string;
  syncName: string;
  syncVariant: string;
  variant: string;
  models: string[];
  urls: string[];
  /** Also after a run that changed nothing. */
  always: boolean;
  /** Also after a run that failed. */
  onError: boolean;
};

/** How a run ended. `counts` by model, for those it has changed. */
export type RunFacts = {
  runKind: string | null;
  startedAt: Date;
  finishedAt: Date;
  counts: Record<string, RecordCounts>;
  checkpoints: CheckpointRange;
  error: ExecutionError | null;
};

const nothing: RecordCounts = { added: 0, updated: 0, deleted: 0 };

/** The bodies to send after a run, one for each model; serialised here, once, since the signature is over these bytes. */
export function syncWebhooks(sync: SyncFacts, run: RunFacts): string[] {
  if (run.error) return sync.onError ? sync.models.map((model) => JSON.stringify(failure(sync, run, model, run.error))) : [];
  const isTold = (model: string): boolean => sync.always || isChange(run.counts[model] ?? nothing);
  return sync.models.filter(isTold).map((model) => JSON.stringify(success(sync, run, model)));
}

function success(sync: SyncFacts, run: RunFacts, model: string): SyncWebhook {
  const start = run.startedAt.toISOString();
  const head = headOf(sync, run, model);
  return {
    ...head,
    success: true,
    responseResults: run.counts[model] ?? nothing,
    modifiedAfter: start,
    queryTimeStamp: head.syncType === 'INITIAL' ? null : start,
  };
}

function failure(sync: SyncFacts, run: RunFacts, model: string, error: ExecutionError | null): SyncWebhook {
  const told = { type: error?.code ?? 'script_internal_error', description: error?.message ?? '' };
  return { ...headOf(sync, run, model), success: false, error: told, startedAt: run.startedAt.toISOString(), failedAt: run.finishedAt.toISOString() };
}

function headOf(sync: SyncFacts, { runKind, checkpoints }: RunFacts, model: string): Omit<SyncWebhook, 'success'> {
  const { connectionId, providerConfigKey, syncName, syncVariant } = sync;
  const syncType = RunKind.catch('INITIAL').parse(runKind);
  // Only of scripts that keep one.
  const told = checkpoints.from || checkpoints.to ? { checkpoints } : {};
  return { from: 'nango', type: 'sync', connectionId, providerConfigKey, syncName, syncVariant, model, syncType, ...told };
}

const isChange = ({ added, updated, deleted }: RecordCounts): boolean => added + updated + deleted > 0;
