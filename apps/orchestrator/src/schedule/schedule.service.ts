import { Injectable } from '@nestjs/common';
import { Pace } from '../platform/pace.js';
import { FinishService } from '../finish/finish.service.js';
import { nextSlot } from './next-slot.js';
import { type SyncRow, SyncRepository } from './sync.repository.js';
import { TemporalSchedules } from './temporal-schedules.js';

/** An import makes thousands of syncs that all want their first run; about as many a second as a small machine can run. */
const firstRuns = { perSecond: 25, burst: 100 };

/** Longer than a run takes to open unless the queue is long. */
const owedForMs = 3_000;

/** Makes one schedule what its sync's row asks for. Done again, changes nothing more. */
@Injectable()
export class ScheduleService {
  readonly #pace = new Pace(firstRuns);

  constructor(
    private readonly syncs: SyncRepository,
    private readonly schedules: TemporalSchedules,
    private readonly finishes: FinishService,
  ) {}

  async apply(syncId: string): Promise<void> {
    const sync = await this.syncs.read(syncId);
    if (!sync) return this.schedules.remove(syncId);
    if (sync.state === 'deleted') return this.remove(sync);
    await this.put(sync);
    const isRunning = sync.state === 'started' && !sync.isHeld;
    await this.syncs.applied(sync, isRunning ? nextSlot(sync, new Date()) : null);
  }

  /** Asks again for runs that were asked for and have not come: Temporal drops a trigger that meets a closing run, now and then. */
  async remind(): Promise<void> {
    // One that has started and not opened yet is left alone.
    for (const syncId of await this.syncs.takeOwed(owedForMs)) await this.schedules.trigger(syncId, false);
  }

  private async put(sync: SyncRow): Promise<void> {
    const { syncId, intervalMs, cron, triggerRequest, appliedRevision } = sync;
    const isPaused = sync.state === 'paused' || sync.isHeld;
    const hasOptions = triggerRequest !== null && Object.keys(triggerRequest).length > 0;
    if (hasOptions) await this.syncs.offerRunOptions(sync);
    const isDue = !isPaused && isOverdue(sync);
    if (isDue && appliedRevision === 0) await this.#pace.turn();
    const put = await this.schedules.put({ syncId, intervalMs, cron, isPaused, runNow: isDue }, appliedRevision > 0);
    const hasStarted = put === 'created' && isDue;
    if (triggerRequest && !hasStarted) await this.trigger(sync, hasOptions);
    else if (put === 'resumed' && isDue) await this.trigger(sync, false);
  }

  // A run with options starts over: the one under way would only be in its way.
  // One that has ended here may still be closing in Temporal, which would skip the next one without a word; so that one waits.
  private async trigger(sync: SyncRow, hasOptions: boolean): Promise<void> {
    const { syncId, isRunning } = sync;
    if (hasOptions) await this.schedules.cancelRuns(syncId);
    const isOwed = hasOptions || !isRunning;
    if (isOwed) await this.syncs.oweRun(sync);
    await this.schedules.trigger(syncId, isOwed);
  }

  private async remove(sync: SyncRow): Promise<void> {
    await this.schedules.cancelRuns(sync.syncId);
    await this.schedules.remove(sync.syncId);
    // Fences the run that may still be under way, so that nothing is saved after the records are gone.
    if (sync.leaseExecutionId) await this.finishes.closeLost(sync.leaseExecutionId, true);
    await this.syncs.dropRecords(sync);
    await this.syncs.applied(sync, null);
  }
}

/** Whether a run should have come by now: it never ran, or not for an interval, or not at its last slot. */
function isOverdue(sync: SyncRow): boolean {
  const { lastRunAt, intervalMs } = sync;
  if (lastRunAt === null) return true;
  if (intervalMs !== null) return lastRunAt.getTime() + intervalMs < Date.now();
  const slot = nextSlot(sync, lastRunAt);
  return slot !== null && slot.getTime() < Date.now();
}
