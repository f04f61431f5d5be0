import { Module } from '@nestjs/common';
import { Vault } from 'credentials';
import { type Pool, POOL } from 'database';
import { ExecutionStore } from 'journal/postgres';
import { TemporalModule } from '../temporal/temporal.module.js';
import { ActionEndings } from './action-endings.repository.js';
import { ActionRunner } from './action-runner.js';
import { ActionController } from './action.controller.js';
import { ActionRepository } from './action.repository.js';
import { ActionService } from './action.service.js';

const executionStore = { provide: ExecutionStore, useFactory: (pool: Pool, vault: Vault) => new ExecutionStore(pool, vault), inject: [POOL, Vault] };

@Module({
  imports: [TemporalModule],
  controllers: [ActionController],
  providers: [ActionService, ActionRunner, ActionEndings, ActionRepository, executionStore],
  exports: [ActionService],
})
export class ActionModule {}
