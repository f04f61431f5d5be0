import { Module } from '@nestjs/common';
import { ConnectionModule } from '../connection/connection.module.js';
import { IntegrationModule } from '../integration/integration.module.js';
import { ConnectAccessModule } from './connect-access.module.js';
import { ConnectSessionController } from './connect-session.controller.js';
import { ConnectSessionService } from './connect-session.service.js';

@Module({
  imports: [ConnectAccessModule, ConnectionModule, IntegrationModule],
  controllers: [ConnectSessionController],
  providers: [ConnectSessionService],
  exports: [ConnectSessionService],
})
export class ConnectModule {}
