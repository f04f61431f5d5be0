import { Inject, Injectable } from '@nestjs/common';
import type { Rhythm } from 'manifest/interval';
import { DATABASE, type Database, Prisma } from 'database';
import { channels, type RunOptions } from 'model';
import type { SyncSnapshot } from './sync-snapshot.js';

/** A sync as commands select it. */
export type SelectedSync = { id: string; name: string; variant: string; enabled: boolean };

/** The syncs of an integration, or of one of its connections. */
export type SyncPlace = { environmentId: number; integrationId: number; connectionId: number | null };

type SnapshotRow = Omit<SyncSnapshot, 'run'> & {
  runStatus: NonNullable<SyncSnapshot['run']>['status'] | null;
  runKind: NonNullable<SyncSnapshot['run']>['kind'];
  runFinishedAt: Date | null;
  runCounts: NonNullable<SyncSnapshot['run']>['counts'] | null;
};

@Injectable()
export class SyncRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Living syncs of deployed scripts. */
  async select({ environmentId, integrationId, connectionId }: SyncPlace): Promise<SelectedSync[]> {
    const rows = await this.database.sync.findMany({
      where: {
        environmentId,
        state: { not: 'deleted' },
        script: { integrationId, activeVersionId: { not: null } },
        connection: { deletedAt: null, ...(connectionId === null ? {} : { id: connectionId }) },
      },
      select: { id: true, variant: true, script: { select: { name: true, enabled: true } } },
    });
    return rows.map(({ id, variant, script }) => ({ id, variant, ...script }));
  }

  /** Names of an integration's deployed sync scripts. */
  async scriptNames(environmentId: number, integrationId: number): Promise<string[]> {
    const rows = await this.database.script.findMany({
      where: { environmentId, integrationId, type: 'sync', activeVersionId: { not: null } },
      select: { name: true },
    });
    return rows.map(({ name }) => name);
  }

  /** Asks for a run; options of a request that still waits are kept. */
  async trigger(environmentId: number, ids: string[], options: RunOptions): Promise<void> {
    await this.change(environmentId, ids, Prisma.sql`trigger_request = coalesce(trigger_request, '{}'::jsonb) || ${JSON.stringify(options)}::jsonb`);
  }

  async setState(environmentId: number, ids: string[], state: 'started' | 'paused'): Promise<void> {
    await this.change(environmentId, ids, Prisma.sql`state = ${state}`);
  }

  /** A rhythm of the sync's own, or null for its script's. */
  async setFrequency(environmentId: number, id: string, rhythm: Rhythm | null): Promise<void> {
    const { intervalMs, cron } = rhythm ?? { intervalMs: null, cron: null };
    await this.change(environmentId, [id], Prisma.sql`frequency_ms = ${intervalMs}::float8, frequency_cron = ${cron}`);
  }

  /** Marks a sync as deleted; the orchestrator removes schedule, records and row. */
  async delete(environmentId: number, id: string): Promise<void> {
    await this.change(environmentId, [id], Prisma.sql`state = 'deleted', deleted_at = now(), trigger_request = null`);
  }

  /** Syncs with their script and latest run, oldest first. */
  async snapshots(environmentId: number, ids: string[]): Promise<SyncSnapshot[]> {
    const rows = await this.database.$queryRaw<SnapshotRow[]>`
      select s.id::text, c.id as "connectionRowId", c.connection_id as "connectionId", sc.name, s.variant, s.state, sc.enabled as "scriptEnabled", v.models,
        case when s.frequency_ms is null and s.frequency_cron is null then v.interval_ms else s.frequency_ms end as "intervalMs",
        case when s.frequency_ms is null and s.frequency_cron is null then v.cron else s.frequency_cron end as cron,
        s.next_run_at as "nextRunAt", s.last_sync_date as "lastSyncDate", s.last_skipped_at as "skippedAt", s.last_skip_reason as "skipReason",
        (s.trigger_request is not null or (s.state = 'started' and sc.enabled and s.applied_revision = 0)) as due,
        e.status as "runStatus", e.run_kind as "runKind", e.finished_at as "runFinishedAt", n.counts as "runCounts"
      from sync s
      join connection c on c.id = s.connection_id
      join script sc on sc.id = s.script_id
      join script_version v on v.id = sc.active_version_id
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

  // One statement: the notification goes out with the commit of the change.
  private async change(environmentId: number, ids: string[], assignment: Prisma.Sql): Promise<void> {
    await this.database.$executeRaw`
      with changed as (
        update sync set ${assignment}, schedule_revision = schedule_revision + 1
        where environment_id = ${environmentId} and id = any(${ids}::uuid[]) and state <> 'deleted'
        returning id
      ) select pg_notify(${channels.syncSchedule}, id::text) from changed`;
  }
}

function toSnapshot({ runStatus, runKind, runFinishedAt, runCounts, ...row }: SnapshotRow): SyncSnapshot {
  return { ...row, run: runStatus === null ? null : { status: runStatus, kind: runKind, finishedAt: runFinishedAt, counts: runCounts ?? {} } };
}
