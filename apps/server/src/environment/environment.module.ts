import { Module } from '@nestjs/common';
import { EgressSettingsController } from './egress-settings.controller.js';
import { EgressSettingsRepository } from './egress-settings.repository.js';
import { EgressSettingsService } from './egress-settings.service.js';
import { EnvironmentVariableRepository } from './environment-variable.repository.js';
import { EnvironmentController } from './environment.controller.js';
import { EnvironmentRepository } from './environment.repository.js';
import { EnvironmentService } from './environment.service.js';
import { JailSettingsRepository } from './jail-settings.repository.js';
import { JailSettingsService } from './jail-settings.service.js';
import { ScriptSettingsController } from './script-settings.controller.js';
import { ScriptSettingsRepository } from './script-settings.repository.js';
import { ScriptSettingsService } from './script-settings.service.js';

@Module({
  controllers: [EnvironmentController, ScriptSettingsController, EgressSettingsController],
  providers: [
    EnvironmentRepository,
    EnvironmentVariableRepository,
    EnvironmentService,
    ScriptSettingsRepository,
    ScriptSettingsService,
    JailSettingsRepository,
    JailSettingsService,
    EgressSettingsRepository,
    EgressSettingsService,
  ],
  exports: [EnvironmentRepository, EnvironmentService, ScriptSettingsService, JailSettingsService, EgressSettingsService],
})
export class EnvironmentModule {}
