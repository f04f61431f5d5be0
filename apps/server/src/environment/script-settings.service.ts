import { Injectable } from '@nestjs/common';
import type { ScriptSettings, ScriptSettingsPatch } from 'model';
import { ScriptSettingsRepository } from './script-settings.repository.js';

@Injectable()
export class ScriptSettingsService {
  constructor(private readonly settings: ScriptSettingsRepository) {}

  read(environmentId: number): Promise<ScriptSettings> {
    return this.settings.read(environmentId);
  }

  async change(environmentId: number, patch: ScriptSettingsPatch): Promise<ScriptSettings> {
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Partial<ScriptSettings>;
    const settings = { ...(await this.settings.read(environmentId)), ...given };
    await this.settings.write(environmentId, settings);
    return settings;
  }
}
