import { Module } from '@nestjs/common';
import { ConnectionModule } from '../connection/connection.module.js';
import { EnvironmentModule } from '../environment/environment.module.js';
import { IntegrationModule } from '../integration/integration.module.js';
import { ConnectAccessModule } from './connect-access.module.js';
import { ConnectSessionController } from './connect-session.controller.js';
import { ConnectSessionService } from './connect-session.service.js';

@Module({
  imports: [ConnectAccessModule, ConnectionModule, EnvironmentModule, IntegrationModule],
  controllers: [ConnectSessionController],
  providers: [ConnectSessionService],
  exports: [ConnectSessionService],
})
export class ConnectModule {}
