import { Inject, Injectable } from '@nestjs/common';
import type { Rhythm } from 'manifest/interval';
import { changeSyncs, DATABASE, type Database, type Pool, POOL, type SelectedSync, selectSyncs, setSyncState, type SyncPlace, triggerSyncs } from 'database';
import type { RunOptions, SyncName } from 'model';
import type { SyncSnapshot } from './sync-snapshot.js';

export type { SelectedSync } from 'database';

type SnapshotRow = Omit<SyncSnapshot, 'run'> & {
  runStatus: NonNullable<SyncSnapshot['run']>['status'] | null;
  runKind: NonNullable<SyncSnapshot['run']>['kind'];
  runFinishedAt: Date | null;
  runCounts: NonNullable<SyncSnapshot['run']>['counts'] | null;
};

@Injectable()
export class SyncRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(POOL) private readonly pool: Pool,
  ) {}

  /** Living syncs of deployed scripts. @throws AppError `unknown_sync` */
  select(place: SyncPlace, named: SyncName[]): Promise<SelectedSync[]> {
    return selectSyncs(this.pool, place, named);
  }

  /** @throws AppError `disabled_resource` */
  trigger(environmentId: number, request: { syncs: SelectedSync[]; named: boolean; options: RunOptions }): Promise<void> {
    return triggerSyncs(this.pool, environmentId, request);
  }

  setState(environmentId: number, syncs: SelectedSync[], state: 'started' | 'paused'): Promise<void> {
    return setSyncState(this.pool, environmentId, syncs, state);
  }

  /** A rhythm of the sync's own, or null for its script's. */
  setFrequency(environmentId: number, id: string, rhythm: Rhythm | null): Promise<void> {
    return changeSyncs(this.pool, environmentId, [id], {
      assignment: `frequency_ms = ($4::jsonb ->> 'intervalMs')::float8, frequency_cron = $4::jsonb ->> 'cron'`,
      value: JSON.stringify(rhythm ?? {}),
    });
  }

  /** Marks a sync as deleted; the orchestrator removes schedule, records and row. */
  delete(environmentId: number, id: string): Promise<void> {
    return changeSyncs(this.pool, environmentId, [id], { assignment: `state = 'deleted', deleted_at = now(), trigger_request = null` });
  }

  /** Syncs with their script and latest run, oldest first. */
  async snapshots(environmentId: number, ids: string[]): Promise<SyncSnapshot[]> {
    const rows = await this.database.$queryRaw<SnapshotRow[]>`
      select s.id::text, c.id as "connectionRowId", c.connection_id as "connectionId", sc.name, s.variant, s.state, sc.enabled as "scriptEnabled", v.models,
        case when s.frequency_ms is null and s.frequency_cron is null then v.interval_ms else s.frequency_ms end as "intervalMs",
        case when s.frequency_ms is null and s.frequency_cron is null then v.cron else s.frequency_cron end as cron,
        s.next_run_at as "nextRunAt", s.last_sync_date as "lastSyncDate", s.last_skipped_at as "skippedAt", s.last_skip_reason as "skipReason",
        (s.trigger_request is not null or (s.state = 'started' and sc.enabled and s.applied_revision = 0)) as due,
        e.status as "runStatus", e.run_kind as "runKind", e.finished_at as "runFinishedAt", n.counts as "runCounts", k.value as checkpoint
      from sync s
      join connection c on c.id = s.connection_id
      join script sc on sc.id = s.script_id
      join script_version v on v.id = sc.active_version_id
      left join checkpoint k on k.connection_id = s.connection_id and k.script_id = s.script_id and k.variant = s.variant and k.environment_id = s.environment_id
      left join lateral (
        select id, status, run_kind, finished_at from execution
        where sync_id = s.id and environment_id = s.environment_id and kind = 'sync' order by created_at desc limit 1
      ) e on true
      left join lateral (
        select jsonb_object_agg(model, jsonb_build_object('added', added, 'updated', updated, 'deleted', deleted)) as counts from execution_count where execution_id = e.id
      ) n on true
      where s.environment_id = ${environmentId} and s.id = any(${ids}::uuid[])
      order by s.created_at, s.id`;
    return rows.map(toSnapshot);
  }
}

function toSnapshot({ runStatus, runKind, runFinishedAt, runCounts, ...row }: SnapshotRow): SyncSnapshot {
  return { ...row, run: runStatus === null ? null : { status: runStatus, kind: runKind, finishedAt: runFinishedAt, counts: runCounts ?? {} } };
}
