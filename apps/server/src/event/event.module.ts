import { Module } from '@nestjs/common';
import { Vault } from 'credentials';
import { type Pool, POOL } from 'database';
import { ExecutionStore } from 'journal/postgres';
import { TemporalModule } from '../temporal/temporal.module.js';
import { EventScriptRepository } from './event-script.repository.js';
import { EventWorkflows } from './event-workflows.js';
import { EventService } from './event.service.js';

const executionStore = { provide: ExecutionStore, useFactory: (pool: Pool, vault: Vault) => new ExecutionStore(pool, vault), inject: [POOL, Vault] };

/** Scripts that run at moments of a connection. */
@Module({ imports: [TemporalModule], providers: [EventService, EventScriptRepository, EventWorkflows, executionStore], exports: [EventService] })
export class EventModule {}
