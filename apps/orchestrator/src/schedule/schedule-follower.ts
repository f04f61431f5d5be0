import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { syncScheduleId } from 'workflows';
import { Periodic } from '../platform/periodic.js';
import { ScheduleService } from './schedule.service.js';
import { SlotKeeper } from './slot-keeper.js';
import { SyncRepository } from './sync.repository.js';
import { TemporalSchedules } from './temporal-schedules.js';

const sweepMs = 30_000;
const remindMs = 2_000;
const compareMs = 10 * 60_000;
const atOnce = 8;
const batch = 200;

/** Applies sync rows to schedules: at boot, when a row says that it has changed, and by a sweep for what was missed. */
@Injectable()
export class ScheduleFollower implements OnApplicationBootstrap, OnModuleDestroy {
  #sweep: Periodic | undefined;
  #compare: Periodic | undefined;
  #remind: Periodic | undefined;
  #subscription: { close(): Promise<void> } | undefined;
  #stopped = false;

  constructor(
    private readonly schedules: ScheduleService,
    private readonly syncs: SyncRepository,
    private readonly temporal: TemporalSchedules,
    private readonly slots: SlotKeeper,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.#sweep = new Periodic('schedule.sweep', sweepMs, this.logger, () => this.sweep());
    this.#compare = new Periodic('schedule.compare', compareMs, this.logger, () => this.compare());
    this.#remind = new Periodic('schedule.remind', remindMs, this.logger, () => this.schedules.remind());
    const look = (): void => this.#sweep?.now();
    this.#subscription = await this.syncs.follow(look, look);
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    await this.#subscription?.close();
    await Promise.all([this.#sweep?.stop(), this.#compare?.stop(), this.#remind?.stop()]);
  }

  private async sweep(): Promise<void> {
    await this.slots.settle();
    for (;;) {
      const behind = await this.syncs.behind(batch);
      const applied = await this.applyAll(behind);
      // What could not be applied stays behind, and waits for the next sweep.
      if (this.#stopped || behind.length < batch || applied < behind.length) return;
    }
  }

  /** Makes schedules again that Temporal has lost. */
  private async compare(): Promise<void> {
    const there = await this.temporal.list();
    const missing = (await this.syncs.living()).filter((syncId) => !there.has(syncScheduleId(syncId)));
    if (missing.length > 0) this.logger.warn('schedule.missing', { count: missing.length });
    await this.applyAll(missing);
  }

  private async applyAll(syncIds: string[]): Promise<number> {
    let applied = 0;
    const queue = [...syncIds];
    const work = async (): Promise<void> => {
      for (let syncId = queue.shift(); syncId !== undefined && !this.#stopped; syncId = queue.shift()) if (await this.apply(syncId)) applied += 1;
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return applied;
  }

  private async apply(syncId: string): Promise<boolean> {
    try {
      await this.schedules.apply(syncId);
      return true;
    } catch (error) {
      this.logger.error('schedule.apply_failed', { syncId, error });
      return false;
    }
  }
}
