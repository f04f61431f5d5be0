import { Body, Controller, Get, Patch } from '@nestjs/common';
import { type CallLogSettings, CallLogSettingsPatch } from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { CallLogSettingsService } from './call-log-settings.service.js';

/** How the environment logs its calls to external APIs. */
@Controller('environment/calls')
export class CallLogSettingsController {
  constructor(private readonly settings: CallLogSettingsService) {}

  @Get()
  read(@EnvironmentId() environmentId: number): Promise<CallLogSettings> {
    return this.settings.read(environmentId);
  }

  /** Changes the given fields only. */
  @Patch()
  change(@EnvironmentId() environmentId: number, @Body({ schema: CallLogSettingsPatch }) patch: CallLogSettingsPatch): Promise<CallLogSettings> {
    return this.settings.change(environmentId, patch);
  }
}
