import { Module } from '@nestjs/common';
import { TemporalModule } from '../temporal/temporal.module.js';
import { ActionCancellationController } from './action-cancellation.controller.js';
import { CancellationService } from './cancellation.service.js';
import { OpenRunRepository } from './open-run.repository.js';
import { RunCanceller } from './run-canceller.js';

/** Runs ended before their time: actions by their id, syncs by their name, both from the dashboard. */
@Module({
  imports: [TemporalModule],
  controllers: [ActionCancellationController],
  providers: [CancellationService, OpenRunRepository, RunCanceller],
  exports: [CancellationService],
})
export class CancellationModule {}
