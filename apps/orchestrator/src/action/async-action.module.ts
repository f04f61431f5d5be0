import { Module } from '@nestjs/common';
import { FinishModule } from '../finish/finish.module.js';
import { ActionWorkflows } from './action-workflows.js';
import { AsyncActionFollower } from './async-action-follower.js';
import { AsyncActionRepository } from './async-action.repository.js';
import { AsyncActionService } from './async-action.service.js';

/** Actions nobody waits for. */
@Module({
  imports: [FinishModule],
  providers: [AsyncActionFollower, AsyncActionService, AsyncActionRepository, ActionWorkflows],
  exports: [AsyncActionService],
})
export class AsyncActionModule {}
