import { Module } from '@nestjs/common';
import { BundleModule } from '../bundle/bundle.module.js';
import { ValidationModule } from '../validation/validation.module.js';
import { FinishRepository } from './finish.repository.js';
import { FinishService } from './finish.service.js';
import { RunDeletionRepository } from './run-deletion.repository.js';
import { SyncEndRepository } from './sync-end.repository.js';

/** How executions end: by their script, or because nothing runs them any more. */
@Module({
  imports: [BundleModule, ValidationModule],
  providers: [FinishService, FinishRepository, RunDeletionRepository, SyncEndRepository],
  exports: [FinishService],
})
export class FinishModule {}
