import { Inject, Injectable } from '@nestjs/common';
import { type RecordStore, listen, POOL, type Pool, RECORDS, type Subscription } from 'database';
import { channels, type SyncState, storedModel } from 'model';
import { rhythmColumns, scriptJoins } from './sync-columns.js';

/** A sync's row as its schedule follows it. */
export type SyncRow = {
  syncId: string;
  environmentId: number;
  connectionId: number;
  variant: string;
  state: SyncState;
  /** Its connection or script is gone or switched off: no run starts by itself. */
  isHeld: boolean;
  intervalMs: number | null;
  cron: string | null;
  triggerRequest: Record<string, unknown> | null;
  revision: number;
  appliedRevision: number;
  leaseExecutionId: string | null;
  /** Whether the lease's execution has not ended. */
  isRunning: boolean;
  lastRunAt: Date | null;
};

const columns = `y.id AS "syncId", y.environment_id AS "environmentId", y.connection_id AS "connectionId", y.variant, y.state,
  NOT s.enabled OR s.active_version_id IS NULL OR c.deleted_at IS NOT NULL AS "isHeld", ${rhythmColumns}, y.trigger_request AS "triggerRequest",
  y.schedule_revision AS revision, y.applied_revision AS "appliedRevision", y.lease_execution_id AS "leaseExecutionId",
  EXISTS (SELECT 1 FROM execution e WHERE e.id = y.lease_execution_id AND e.status IN ('queued', 'running', 'parked')) AS "isRunning",
  (SELECT max(e.created_at) FROM execution e WHERE e.sync_id = y.id AND e.kind = 'sync') AS "lastRunAt"`;

const joins = `${scriptJoins}
  JOIN connection c ON c.id = y.connection_id AND c.environment_id = y.environment_id`;

@Injectable()
export class SyncRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    @Inject(RECORDS) private readonly records: RecordStore,
  ) {}

  /** Tells of each sync whose row has changed, and of every new connection to the database, after which all must be looked at. */
  follow(onChanged: (syncId: string) => void, onConnected: () => void): Promise<Subscription> {
    return listen(this.pool, channels.syncSchedule, onChanged, { onConnected });
  }

  async read(syncId: string): Promise<SyncRow | null> {
    const { rows } = await this.pool.query<SyncRow>(`SELECT ${columns} FROM sync y ${joins} WHERE y.id = $1`, [syncId]);
    return rows[0] ?? null;
  }

  /** Syncs of every environment whose schedules are behind their rows: what was asked of old ones before those that an import has made. */
  async behind(limit: number): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(
      `SELECT id FROM sync WHERE applied_revision <> schedule_revision ORDER BY applied_revision = 0, created_at LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Every sync that should have a schedule. */
  async living(): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(`SELECT id FROM sync WHERE state <> 'deleted' AND applied_revision > 0`);
    return rows.map(({ id }) => id);
  }

  /** The asked trigger's options wait in the row for the run that opens next. The request stays until {@link SyncRepository.applied}. */
  async offerRunOptions({ syncId, environmentId, triggerRequest }: SyncRow): Promise<void> {
    await this.pool.query(`UPDATE sync SET run_options = $3 WHERE id = $1 AND environment_id = $2`, [syncId, environmentId, JSON.stringify(triggerRequest)]);
  }

  /** The request becomes a run that is owed: whoever dies after this asks for no second one. */
  async oweRun({ syncId, environmentId, revision }: SyncRow): Promise<void> {
    await this.pool.query(
      `UPDATE sync SET run_owed_since = clock_timestamp(), trigger_request = CASE WHEN schedule_revision = $3 THEN NULL ELSE trigger_request END
       WHERE id = $1 AND environment_id = $2`,
      [syncId, environmentId, revision],
    );
  }

  /** Syncs of every environment whose run has not come for so long; their wait begins anew. */
  async takeOwed(forMs: number): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(
      `UPDATE sync SET run_owed_since = clock_timestamp()
       WHERE run_owed_since < clock_timestamp() - $1::float8 * interval '1 millisecond' AND state <> 'deleted' RETURNING id`,
      [forMs],
    );
    return rows.map(({ id }) => id);
  }

  /** The schedule is as the row was when it was read; what has been asked since is left to be done. */
  async applied({ syncId, environmentId, revision }: SyncRow, nextRunAt: Date | null): Promise<void> {
    await this.pool.query(
      `UPDATE sync SET applied_revision = greatest(applied_revision, $3), next_run_at = $4, trigger_request = CASE WHEN schedule_revision = $3 THEN NULL ELSE trigger_request END,
         deleted_at = CASE WHEN state = 'deleted' AND schedule_revision = $3 THEN coalesce(deleted_at, now()) ELSE deleted_at END
       WHERE id = $1 AND environment_id = $2`,
      [syncId, environmentId, revision, nextRunAt],
    );
  }

  /** Empties the caches that were this sync's alone. */
  async dropRecords({ syncId, environmentId, connectionId, variant }: SyncRow): Promise<void> {
    const { rows } = await this.pool.query<{ model: string }>(
      `SELECT DISTINCT own.model FROM sync y JOIN script_version v ON v.script_id = y.script_id CROSS JOIN LATERAL unnest(v.models) AS own(model)
       WHERE y.id = $1 AND y.environment_id = $2 AND NOT EXISTS (
         SELECT 1 FROM sync other JOIN script s ON s.id = other.script_id JOIN script_version ov ON ov.id = s.active_version_id
         WHERE other.connection_id = y.connection_id AND other.id <> y.id AND other.variant = y.variant AND other.state <> 'deleted' AND own.model = ANY (ov.models))`,
      [syncId, environmentId],
    );
    if (rows.length > 0) await this.records.drop({ environmentId, connectionId, models: rows.map(({ model }) => storedModel(model, variant)) });
  }
}
