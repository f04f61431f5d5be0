import { Body, Controller, Get, Patch } from '@nestjs/common';
import { type EgressSettings, EgressSettingsPatch } from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { EgressSettingsService } from './egress-settings.service.js';

/** Where calls of the environment may go. */
@Controller('environment/egress')
export class EgressSettingsController {
  constructor(private readonly settings: EgressSettingsService) {}

  @Get()
  read(@EnvironmentId() environmentId: number): Promise<EgressSettings> {
    return this.settings.read(environmentId);
  }

  /** Replaces the given lists. */
  @Patch()
  change(@EnvironmentId() environmentId: number, @Body({ schema: EgressSettingsPatch }) patch: EgressSettingsPatch): Promise<EgressSettings> {
    return this.settings.change(environmentId, patch);
  }
}
