import { nextCronRun } from 'manifest/interval';
import { type Checkpoint, type ExecutionStatus, type RecordCounts, type RunKind, type SkippedSlot, type SyncState, type SyncStatus, storedModel } from 'model';
import { frequencyText } from './frequency.js';

/** A sync's row with its script and its latest run, as the database holds them. */
export type SyncSnapshot = {
  id: string;
  /** The row's own connection, and the name the product knows it by. */
  connectionRowId: number;
  connectionId: string;
  name: string;
  variant: string;
  state: SyncState;
  scriptEnabled: boolean;
  models: string[];
  /** Null with `cron`: a sync has the one or the other. */
  intervalMs: number | null;
  cron: string | null;
  nextRunAt: Date | null;
  lastSyncDate: Date | null;
  skippedAt: Date | null;
  skipReason: SkippedSlot['reason'] | null;
  /** A run has been asked for and is not there yet. */
  due: boolean;
  checkpoint: Checkpoint | null;
  run: { status: ExecutionStatus; kind: RunKind | null; finishedAt: Date | null; counts: Record<string, RecordCounts> } | null;
};

type RunOutcome = NonNullable<SyncStatus['latestExecutionStatus']>;

/** What the public API says of a sync (surface 4.2). */
export function toSyncStatus(snapshot: SyncSnapshot, recordCounts: Record<string, number>, now: Date): SyncStatus {
  const { run } = snapshot;
  const outcome = run ? outcomeOf(run.status) : null;
  return {
    id: snapshot.id,
    connection_id: snapshot.connectionId,
    name: snapshot.name,
    variant: snapshot.variant,
    status: statusOf(snapshot, outcome),
    type: run?.kind === 'INCREMENTAL' || (!run?.kind && snapshot.lastSyncDate) ? 'INCREMENTAL' : 'INITIAL',
    finishedAt: run?.finishedAt?.toISOString() ?? null,
    nextScheduledSyncAt: isPaused(snapshot) ? null : (nextRun(snapshot, now)?.toISOString() ?? null),
    frequency: frequencyText(snapshot),
    skipped: snapshot.skippedAt && snapshot.skipReason ? { at: snapshot.skippedAt.toISOString(), reason: snapshot.skipReason } : null,
    latestResult: ownResult(snapshot),
    latestExecutionStatus: outcome,
    recordCount: ownCounts(snapshot, recordCounts),
    checkpoint: snapshot.checkpoint,
  };
}

const outcomes: Record<ExecutionStatus, RunOutcome> = {
  queued: 'RUNNING',
  running: 'RUNNING',
  parked: 'RUNNING',
  succeeded: 'SUCCESS',
  failed: 'STOPPED',
  lost: 'STOPPED',
  cancelled: 'CANCELLED',
};

function outcomeOf(status: ExecutionStatus): RunOutcome {
  return outcomes[status];
}

function statusOf(snapshot: SyncSnapshot, outcome: RunOutcome | null): SyncStatus['status'] {
  if (outcome === 'RUNNING') return 'RUNNING';
  if (snapshot.state === 'deleted') return 'STOPPED';
  if (snapshot.due) return 'RUNNING';
  if (isPaused(snapshot)) return 'PAUSED';
  if (outcome === 'STOPPED') return 'ERROR';
  return outcome === 'CANCELLED' ? 'STOPPED' : 'SUCCESS';
}

function isPaused({ state, scriptEnabled }: SyncSnapshot): boolean {
  return state === 'paused' || !scriptEnabled;
}

// The row's time is the last one known; what has passed since goes on in the same rhythm.
function nextRun({ nextRunAt, intervalMs, cron }: SyncSnapshot, now: Date): Date | null {
  if (!nextRunAt || nextRunAt > now) return nextRunAt;
  if (intervalMs === null) return cron === null ? null : nextCronRun(cron, now);
  const missed = Math.max(0, Math.ceil((now.getTime() - nextRunAt.getTime()) / intervalMs));
  return new Date(nextRunAt.getTime() + missed * intervalMs);
}

function ownCounts({ models, variant }: SyncSnapshot, counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(models.map((model) => [model, counts[storedModel(model, variant)] ?? 0]));
}

// Counts are kept under the models as they are stored, and only where something changed.
function ownResult({ models, variant, run }: SyncSnapshot): Record<string, RecordCounts> {
  const unchanged = run?.status === 'succeeded' ? { added: 0, updated: 0, deleted: 0 } : undefined;
  const told = models.map((model) => [model, run?.counts[storedModel(model, variant)] ?? unchanged] as const);
  return Object.fromEntries(told.flatMap(([model, counts]) => (counts ? [[model, counts] as const] : [])));
}
