import type { Queryable } from 'database';
import { RunOptions, type RunKind } from 'model';
import { insertExecution } from './open-execution.js';

/** Why a sync's run was not opened. */
export type SkipReason = 'unknown_sync' | 'connection_deleted' | 'script_disabled' | 'already_running';

/** What came of opening a sync's run. */
export type SyncOpening = { kind: 'opened'; executionId: string; environmentId: number; runKind: RunKind } | { kind: 'skipped'; reason: SkipReason };

/** The cache of one sync, to be emptied before its run. */
export type SyncCache = { environmentId: number; connectionId: number; models: string[]; variant: string };

type SyncRow = {
  environmentId: number;
  connectionId: number;
  variant: string;
  state: string;
  hasRun: boolean;
  runOptions: unknown;
  leaseOpen: boolean;
  enabled: boolean;
  versionId: number | null;
  models: string[] | null;
  connectionDeleted: boolean;
};

/** Takes the sync's lease for a new execution; a repeat for the same workflow run answers its own. */
export async function openSync(
  client: Queryable,
  syncId: string,
  workflowRunId: string,
  emptyCache: (cache: SyncCache) => Promise<void>,
): Promise<SyncOpening> {
  const sync = await lockSync(client, syncId);
  const own = await findByWorkflowRun(client, workflowRunId);
  if (own) return { kind: 'opened', ...own };
  const reason = reasonToSkip(sync);
  if (reason || !sync || sync.versionId === null) {
    await client.query(`UPDATE sync SET run_owed_since = NULL WHERE id = $1`, [syncId]);
    return { kind: 'skipped', reason: reason ?? 'script_disabled' };
  }
  const options = RunOptions.catch({}).parse(sync.runOptions ?? {});
  if (options.emptyCache)
    await emptyCache({ environmentId: sync.environmentId, connectionId: sync.connectionId, models: sync.models ?? [], variant: sync.variant });
  if (options.fullResync || options.emptyCache) await forgetProgress(client, syncId, sync.environmentId);
  const runKind: RunKind = sync.hasRun && !options.fullResync && !options.emptyCache ? 'INCREMENTAL' : 'INITIAL';
  const { environmentId, connectionId, variant } = sync;
  const opened = await insertExecution(client, {
    environmentId,
    kind: 'sync',
    connectionId,
    scriptVersionId: sync.versionId,
    syncId,
    variant,
    workflowRunId,
    runKind,
  });
  if (!opened) throw new Error('an execution of this workflow run appeared while its sync was locked');
  if (options.emptyCache)
    await client.query(`UPDATE execution SET emptied_cache = true WHERE id = $1 AND environment_id = $2`, [opened.executionId, environmentId]);
  await client.query(`UPDATE sync SET lease_execution_id = $3, run_options = NULL, run_owed_since = NULL WHERE id = $1 AND environment_id = $2`, [
    syncId,
    environmentId,
    opened.executionId,
  ]);
  return { kind: 'opened', executionId: opened.executionId, environmentId, runKind };
}

async function forgetProgress(client: Queryable, syncId: string, environmentId: number): Promise<void> {
  await client.query(`UPDATE sync SET last_sync_date = NULL WHERE id = $1 AND environment_id = $2`, [syncId, environmentId]);
  await client.query(
    `DELETE FROM checkpoint k USING sync y
     WHERE y.id = $1 AND y.environment_id = $2 AND k.connection_id = y.connection_id AND k.script_id = y.script_id AND k.variant = y.variant AND k.environment_id = $2`,
    [syncId, environmentId],
  );
}

async function lockSync(client: Queryable, syncId: string): Promise<SyncRow | undefined> {
  // By itself: a statement that waits for the lock sees of other tables what was there before it waited, and so no new execution.
  await client.query(`SELECT 1 FROM sync WHERE id = $1 FOR UPDATE`, [syncId]);
  const { rows } = await client.query<SyncRow>(
    `SELECT s.environment_id AS "environmentId", s.connection_id AS "connectionId", s.variant, s.state, s.last_sync_date IS NOT NULL AS "hasRun",
       s.run_options AS "runOptions", sc.enabled, sc.active_version_id AS "versionId", v.models, c.deleted_at IS NOT NULL AS "connectionDeleted",
       EXISTS (SELECT 1 FROM execution e WHERE e.id = s.lease_execution_id AND e.status IN ('queued', 'running', 'parked')) AS "leaseOpen"
     FROM sync s
     JOIN script sc ON sc.id = s.script_id AND sc.environment_id = s.environment_id
     LEFT JOIN script_version v ON v.id = sc.active_version_id
     JOIN connection c ON c.id = s.connection_id AND c.environment_id = s.environment_id
     WHERE s.id = $1`,
    [syncId],
  );
  return rows[0];
}

function reasonToSkip(sync: SyncRow | undefined): SkipReason | null {
  if (!sync || sync.state === 'deleted') return 'unknown_sync';
  if (sync.connectionDeleted) return 'connection_deleted';
  if (!sync.enabled || sync.versionId === null) return 'script_disabled';
  return sync.leaseOpen ? 'already_running' : null;
}

async function findByWorkflowRun(
  client: Queryable,
  workflowRunId: string,
): Promise<{ executionId: string; environmentId: number; runKind: RunKind } | undefined> {
  const { rows } = await client.query<{ executionId: string; environmentId: number; runKind: RunKind }>(
    `SELECT id AS "executionId", environment_id AS "environmentId", run_kind AS "runKind" FROM execution WHERE workflow_run_id = $1`,
    [workflowRunId],
  );
  return rows[0];
}
