import { Module } from '@nestjs/common';
import { EnvironmentVariableRepository } from './environment-variable.repository.js';
import { EnvironmentController } from './environment.controller.js';
import { EnvironmentRepository } from './environment.repository.js';
import { EnvironmentService } from './environment.service.js';
import { ScriptSettingsRepository } from './script-settings.repository.js';
import { ScriptSettingsService } from './script-settings.service.js';

@Module({
  controllers: [EnvironmentController],
  providers: [EnvironmentRepository, EnvironmentVariableRepository, EnvironmentService, ScriptSettingsRepository, ScriptSettingsService],
  exports: [EnvironmentRepository, EnvironmentService, ScriptSettingsService],
})
export class EnvironmentModule {}
