import { Module } from '@nestjs/common';
import { FinishModule } from '../finish/finish.module.js';
import { ScheduleFollower } from './schedule-follower.js';
import { ScheduleService } from './schedule.service.js';
import { PastSlotRepository } from './past-slot.repository.js';
import { SlotKeeper } from './slot-keeper.js';
import { SyncRepository } from './sync.repository.js';
import { TemporalSchedules } from './temporal-schedules.js';

/** Keeps Temporal's schedules as the sync rows want them. */
@Module({
  imports: [FinishModule],
  providers: [SyncRepository, PastSlotRepository, SlotKeeper, TemporalSchedules, ScheduleService, ScheduleFollower],
  exports: [ScheduleService],
})
export class ScheduleModule {}
