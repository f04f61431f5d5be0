import { Module } from '@nestjs/common';
import { CallLogSettingsController } from './call-log-settings.controller.js';
import { CallLogSettingsRepository } from './call-log-settings.repository.js';
import { CallLogSettingsService } from './call-log-settings.service.js';
import { EgressSettingsController } from './egress-settings.controller.js';
import { EgressSettingsRepository } from './egress-settings.repository.js';
import { EgressSettingsService } from './egress-settings.service.js';
import { OutgoingSettingsService } from './outgoing-settings.service.js';
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
  controllers: [EnvironmentController, ScriptSettingsController, CallLogSettingsController, EgressSettingsController],
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
    OutgoingSettingsService,
  ],
  exports: [EnvironmentRepository, EnvironmentService, ScriptSettingsService, JailSettingsService, OutgoingSettingsService],
})
export class EnvironmentModule {}
