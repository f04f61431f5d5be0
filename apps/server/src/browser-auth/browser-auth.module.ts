import { Module } from '@nestjs/common';
import { ConnectAccessModule } from '../connect/connect-access.module.js';
import { ConnectionModule } from '../connection/connection.module.js';
import { EnvironmentModule } from '../environment/environment.module.js';
import { IntegrationModule } from '../integration/integration.module.js';
import { BrowserAccessService } from './browser-access.service.js';
import { BrowserAuthController } from './browser-auth.controller.js';
import { BrowserAuthService } from './browser-auth.service.js';
import { PublicKeyRepository } from './public-key.repository.js';

@Module({
  imports: [ConnectAccessModule, ConnectionModule, EnvironmentModule, IntegrationModule],
  controllers: [BrowserAuthController],
  providers: [BrowserAccessService, BrowserAuthService, PublicKeyRepository],
  exports: [BrowserAccessService],
})
export class BrowserAuthModule {}
