import { Module } from '@nestjs/common';
import { ConnectionCalls } from '../connection/connection-calls.repository.js';
import { HANDLERS, type PlatformHandlers } from './handlers.js';
import { PlatformCallController } from './platform-call.controller.js';
import { PlatformCallService } from './platform-call.service.js';

/** What scripts do to the platform beside saving, logging and calling each other. Each noun brings its own handlers. */
@Module({
  controllers: [PlatformCallController],
  providers: [
    PlatformCallService,
    ConnectionCalls,
    { provide: HANDLERS, inject: [ConnectionCalls], useFactory: (connections: ConnectionCalls): PlatformHandlers => ({ ...connections.handlers }) },
  ],
})
export class PlatformCallModule {}
