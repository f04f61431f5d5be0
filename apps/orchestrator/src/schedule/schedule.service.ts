import { Injectable } from '@nestjs/common';
import { Pace } from '../platform/pace.js';
import { FinishService } from '../finish/finish.service.js';
import { nextSlot } from './next-slot.js';
import { type SyncRow, SyncRepository } from './sync.repository.js';
import { TemporalSchedules } from './temporal-schedules.js';

/** An import makes thousands of syncs that all want their first run; about as many a second as a small machine can run. */
const firstRuns = { perSecond: 25, burst: 100 };

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
  private async trigger({ syncId, isRunning }: SyncRow, hasOptions: boolean): Promise<void> {
    if (hasOptions) await this.schedules.cancelRuns(syncId);
    await this.schedules.trigger(syncId, hasOptions || !isRunning);
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
