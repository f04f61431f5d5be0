import { Module } from '@nestjs/common';
import { EnvironmentModule } from '../environment/environment.module.js';
import { ScriptModule } from '../script/script.module.js';
import { ConfigController } from './config.controller.js';
import { IntegrationController } from './integration.controller.js';
import { IntegrationRepository } from './integration.repository.js';
import { IntegrationService } from './integration.service.js';

@Module({
  imports: [EnvironmentModule, ScriptModule],
  controllers: [IntegrationController, ConfigController],
  providers: [IntegrationService, IntegrationRepository],
  exports: [IntegrationService],
})
export class IntegrationModule {}
