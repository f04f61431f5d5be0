import { Module } from '@nestjs/common';
import { EventModule } from '../event/event.module.js';
import { IntegrationModule } from '../integration/integration.module.js';
import { ProxyPassModule } from '../proxy-pass/proxy-pass.module.js';
import { AuthorizationService } from './authorization.service.js';
import { BrowserConnectionService } from './browser-connection.service.js';
import { ConnectionImportController } from './connection-import.controller.js';
import { ConnectionImportRepository } from './connection-import.repository.js';
import { ConnectionImportService } from './connection-import.service.js';
import { ConnectionMetadataController } from './connection-metadata.controller.js';
import { ConnectionMetadataRepository } from './connection-metadata.repository.js';
import { ConnectionMetadataService } from './connection-metadata.service.js';
import { ConnectionController } from './connection.controller.js';
import { ConnectionRepository } from './connection.repository.js';
import { ConnectionService } from './connection.service.js';
import { PendingConnectionRepository } from './pending-connection.repository.js';

@Module({
  imports: [EventModule, IntegrationModule, ProxyPassModule],
  controllers: [ConnectionMetadataController, ConnectionController, ConnectionImportController],
  providers: [
    ConnectionService,
    ConnectionRepository,
    ConnectionImportService,
    ConnectionImportRepository,
    AuthorizationService,
    BrowserConnectionService,
    PendingConnectionRepository,
    ConnectionMetadataService,
    ConnectionMetadataRepository,
  ],
  exports: [AuthorizationService, ConnectionService, ConnectionImportService, BrowserConnectionService],
})
export class ConnectionModule {}
