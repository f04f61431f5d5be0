import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool } from 'database';
import type { SkippedSlot } from 'model';
import type { SyncRhythm } from './next-slot.js';
import { rhythmColumns, scriptJoins } from './sync-columns.js';

/** A slot of a sync's schedule that has come: whether a run was opened for it, and whether an earlier one was in its way. */
export type PastSlot = SyncRhythm & { slot: Date; hasRun: boolean; wasBusy: boolean };

/** What became of a slot, and which one comes next. */
export type SettledSlot = { syncId: string; slot: Date; nextRunAt: Date | null; skipped: SkippedSlot['reason'] | null };

@Injectable()
export class PastSlotRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** Slots of every environment that came longer ago than `graceMs`, or than an interval where that is shorter. */
  async find(graceMs: number, limit: number): Promise<PastSlot[]> {
    const { rows } = await this.pool.query<PastSlot>(
      `SELECT y.id AS "syncId", ${rhythmColumns}, y.next_run_at AS slot,
         EXISTS (SELECT 1 FROM execution e WHERE e.sync_id = y.id AND e.created_at >= y.next_run_at - interval '1 second') AS "hasRun",
         EXISTS (SELECT 1 FROM execution e WHERE e.sync_id = y.id AND e.created_at < y.next_run_at AND (e.finished_at IS NULL OR e.finished_at > y.next_run_at)) AS "wasBusy"
       FROM sync y ${scriptJoins}
       WHERE y.state = 'started' AND y.next_run_at < now() - make_interval(secs => least($1, coalesce(y.frequency_ms, v.interval_ms, $1)) / 1000)
       ORDER BY y.next_run_at LIMIT $2`,
      [graceMs, limit],
    );
    return rows;
  }

  /** Moves the syncs on, unless their schedule has been changed meanwhile. */
  async settle(slots: SettledSlot[]): Promise<void> {
    await this.pool.query(
      `UPDATE sync y SET next_run_at = n.next_run_at, last_skipped_at = CASE WHEN n.skipped IS NULL THEN y.last_skipped_at ELSE n.slot END,
         last_skip_reason = coalesce(n.skipped, y.last_skip_reason)
       FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[]) AS n(id, slot, next_run_at, skipped)
       WHERE y.id = n.id AND y.next_run_at = n.slot`,
      [slots.map(({ syncId }) => syncId), slots.map(({ slot }) => slot), slots.map(({ nextRunAt }) => nextRunAt), slots.map(({ skipped }) => skipped)],
    );
  }
}
