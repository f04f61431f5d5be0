import { type DynamicModule, Module } from '@nestjs/common';
import { AsyncActionModule } from './action/async-action.module.js';
import type { Configuration } from './configuration.js';
import { DeliveryModule } from './delivery/delivery.module.js';
import { ExecutionModule } from './execution/execution.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { RecordUpkeepModule } from './record/record-upkeep.module.js';
import { ScheduleModule } from './schedule/schedule.module.js';
import { SweepModule } from './sweep/sweep.module.js';
import { TemporalModule } from './temporal/temporal.module.js';
import { WebhookModule } from './webhook/webhook.module.js';
import { WorkerModule } from './worker/worker.module.js';

const modules = {
  execution: [ExecutionModule],
  worker: [TemporalModule, WorkerModule, ScheduleModule, WebhookModule, AsyncActionModule, SweepModule, DeliveryModule, RecordUpkeepModule],
};

/** The process: the execution API that runners call, and the workflow worker with what runs beside it; both, or one by role. */
@Module({})
export class OrchestratorModule {
  static with(configuration: Configuration): DynamicModule {
    const role = configuration.ORCHESTRATOR_ROLE;
    const imports = role === 'all' ? [...modules.execution, ...modules.worker] : modules[role];
    return { module: OrchestratorModule, imports: [PlatformModule.with(configuration), ...imports] };
  }
}
