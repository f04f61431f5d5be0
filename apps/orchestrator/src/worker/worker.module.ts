import { Module } from '@nestjs/common';
import { AsyncActionModule } from '../action/async-action.module.js';
import { FinishModule } from '../finish/finish.module.js';
import { ScheduleModule } from '../schedule/schedule.module.js';
import { ExecutionActivities } from './execution.activities.js';
import { WorkflowWorker } from './workflow-worker.js';

/** The workflow worker, with the activities that stand beside the database. */
@Module({ imports: [FinishModule, ScheduleModule, AsyncActionModule], providers: [ExecutionActivities, WorkflowWorker] })
export class WorkerModule {}
