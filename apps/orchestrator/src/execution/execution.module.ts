import { Module } from '@nestjs/common';
import { BundleModule } from '../bundle/bundle.module.js';
import { ChildController } from '../child/child.controller.js';
import { ChildRepository } from '../child/child.repository.js';
import { ChildService } from '../child/child.service.js';
import { FinishModule } from '../finish/finish.module.js';
import { OperationLogController } from '../operation-log/operation-log.controller.js';
import { OperationLogRepository } from '../operation-log/operation-log.repository.js';
import { OperationLogService } from '../operation-log/operation-log.service.js';
import { PlatformCallModule } from '../platform-call/platform-call.module.js';
import { RecordController } from '../record/record.controller.js';
import { RecordRepository } from '../record/record.repository.js';
import { RecordService } from '../record/record.service.js';
import { SaveTargetModule } from '../record/save-target.module.js';
import { RunnerController } from '../runner/runner.controller.js';
import { RunnerRepository } from '../runner/runner.repository.js';
import { ValidationModule } from '../validation/validation.module.js';
import { AttemptMaterialService } from './attempt-material.service.js';
import { ExecutionController } from './execution.controller.js';
import { ExecutionRepository } from './execution.repository.js';
import { ExecutionService } from './execution.service.js';
import { RunningExecutionController } from './running-execution.controller.js';

/** The API that runners call: begin, and under the execution's token everything a script does to the platform. */
@Module({
  imports: [BundleModule, FinishModule, PlatformCallModule, SaveTargetModule, ValidationModule],
  controllers: [ExecutionController, RunningExecutionController, RecordController, OperationLogController, ChildController, RunnerController],
  providers: [
    ExecutionService,
    AttemptMaterialService,
    ExecutionRepository,
    RecordService,
    RecordRepository,
    OperationLogService,
    OperationLogRepository,
    ChildService,
    ChildRepository,
    RunnerRepository,
  ],
})
export class ExecutionModule {}
