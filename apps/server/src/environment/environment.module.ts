import { Module } from '@nestjs/common';
import { CallLogSettingsRepository } from './call-log-settings.repository.js';
import { CallLogSettingsService } from './call-log-settings.service.js';
import { ConnectSettingsRepository } from './connect-settings.repository.js';
import { ConnectSettingsService } from './connect-settings.service.js';
import { EgressSettingsRepository } from './egress-settings.repository.js';
import { EgressSettingsService } from './egress-settings.service.js';
import { EnvironmentSettingsController } from './environment-settings.controller.js';
import { EnvironmentSettingsService } from './environment-settings.service.js';
import { EnvironmentVariableRepository } from './environment-variable.repository.js';
import { EnvironmentController } from './environment.controller.js';
import { EnvironmentRepository } from './environment.repository.js';
import { EnvironmentService } from './environment.service.js';
import { JailSettingsRepository } from './jail-settings.repository.js';
import { JailSettingsService } from './jail-settings.service.js';
import { ScriptSettingsRepository } from './script-settings.repository.js';
import { ScriptSettingsService } from './script-settings.service.js';

@Module({
  controllers: [EnvironmentController, EnvironmentSettingsController],
  providers: [
    EnvironmentRepository,
    EnvironmentVariableRepository,
    EnvironmentService,
    ScriptSettingsRepository,
    ScriptSettingsService,
    CallLogSettingsRepository,
    CallLogSettingsService,
    JailSettingsRepository,
    JailSettingsService,
    EgressSettingsRepository,
    EgressSettingsService,
    ConnectSettingsRepository,
    ConnectSettingsService,
    EnvironmentSettingsService,
  ],
  exports: [EnvironmentRepository, EnvironmentService, JailSettingsService, EnvironmentSettingsService, ConnectSettingsService],
})
export class EnvironmentModule {}
