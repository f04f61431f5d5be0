import { Body, Controller, Get, Patch } from '@nestjs/common';
import { type ScriptSettings, ScriptSettingsPatch } from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { ScriptSettingsService } from './script-settings.service.js';

/** What scripts of the environment may do, and what is refused of them. */
@Controller('environment/scripts')
export class ScriptSettingsController {
  constructor(private readonly settings: ScriptSettingsService) {}

  @Get()
  read(@EnvironmentId() environmentId: number): Promise<ScriptSettings> {
    return this.settings.read(environmentId);
  }

  /** Changes the given fields only. */
  @Patch()
  change(@EnvironmentId() environmentId: number, @Body({ schema: ScriptSettingsPatch }) patch: ScriptSettingsPatch): Promise<ScriptSettings> {
    return this.settings.change(environmentId, patch);
  }
}
