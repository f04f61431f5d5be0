import { Injectable } from '@nestjs/common';
import type { ScriptSettings } from 'model';
import type { DashboardJail, DashboardScriptsPatch } from 'model/dashboard';
import { ScriptSettingsRepository } from './script-settings.repository.js';

@Injectable()
export class ScriptSettingsService {
  constructor(private readonly settings: ScriptSettingsRepository) {}

  get(environmentId: number): Promise<ScriptSettings> {
    return this.settings.get(environmentId);
  }

  jails(): Promise<DashboardJail[]> {
    return this.settings.jails();
  }

  /** What is absent stays. Runs that are under way keep the limits they began with. */
  async change(environmentId: number, { jailReuse, limits }: DashboardScriptsPatch): Promise<ScriptSettings> {
    const before = await this.settings.get(environmentId);
    const settings = { jailReuse: jailReuse ?? before.jailReuse, limits: limits ?? before.limits };
    await this.settings.set(environmentId, settings);
    return settings;
  }
}
