import { Module } from '@nestjs/common';
import { Vault } from 'credentials';
import { type Pool, POOL } from 'database';
import { ExecutionStore } from 'journal/postgres';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { TemporalModule } from '../temporal/temporal.module.js';
import { ActionAdmission } from './action-admission.js';
import { ActionEndings } from './action-endings.repository.js';
import { ActionRunner } from './action-runner.js';
import { ActionController } from './action.controller.js';
import { ActionRepository } from './action.repository.js';
import { ActionService } from './action.service.js';

const executionStore = { provide: ExecutionStore, useFactory: (pool: Pool, vault: Vault) => new ExecutionStore(pool, vault), inject: [POOL, Vault] };

const admission = { provide: ActionAdmission, useFactory: ({ actionStarts }: Configuration) => new ActionAdmission(actionStarts), inject: [CONFIGURATION] };

@Module({
  imports: [TemporalModule],
  controllers: [ActionController],
  providers: [ActionService, ActionRunner, ActionEndings, ActionRepository, executionStore, admission],
  exports: [ActionService],
})
export class ActionModule {}
