import { Module } from '@nestjs/common';
import { CheckpointCalls } from '../checkpoint/checkpoint-calls.repository.js';
import { ConnectionCalls } from '../connection/connection-calls.repository.js';
import { IntegrationCalls } from '../integration/integration-calls.repository.js';
import { LockCalls } from '../lock/lock-calls.repository.js';
import { RecordCalls } from '../record/record-calls.repository.js';
import { SaveTargetModule } from '../record/save-target.module.js';
import { SyncCalls } from '../sync/sync-calls.repository.js';
import { HANDLERS, type PlatformHandlers } from './handlers.js';
import { PlatformCallController } from './platform-call.controller.js';
import { PlatformCallService } from './platform-call.service.js';

type Nouns = [ConnectionCalls, CheckpointCalls, LockCalls, SyncCalls, IntegrationCalls, RecordCalls];

/** What scripts do to the platform beside saving, logging and calling each other. Each noun brings its own handlers. */
@Module({
  imports: [SaveTargetModule],
  controllers: [PlatformCallController],
  providers: [
    PlatformCallService,
    ConnectionCalls,
    CheckpointCalls,
    LockCalls,
    SyncCalls,
    IntegrationCalls,
    RecordCalls,
    {
      provide: HANDLERS,
      inject: [ConnectionCalls, CheckpointCalls, LockCalls, SyncCalls, IntegrationCalls, RecordCalls],
      useFactory: (...[connections, checkpoints, locks, syncs, integrations, records]: Nouns): PlatformHandlers => ({
        ...connections.handlers,
        ...checkpoints.handlers,
        ...locks.handlers,
        ...syncs.handlers,
        ...integrations.handlers,
        ...records.handlers,
      }),
    },
  ],
})
export class PlatformCallModule {}
