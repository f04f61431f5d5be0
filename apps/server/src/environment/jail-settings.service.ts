import { Injectable } from '@nestjs/common';
import type { JailSettings, JailSettingsPatch } from 'model';
import type { DashboardRunner } from 'model/dashboard';
import { JailSettingsRepository } from './jail-settings.repository.js';

@Injectable()
export class JailSettingsService {
  constructor(private readonly settings: JailSettingsRepository) {}

  read(environmentId: number): Promise<JailSettings> {
    return this.settings.read(environmentId);
  }

  runners(): Promise<DashboardRunner[]> {
    return this.settings.runners();
  }

  /** What is absent stays. Runs that are under way keep the limits they began with. */
  async change(environmentId: number, { jailReuse, limits }: JailSettingsPatch): Promise<JailSettings> {
    const before = await this.settings.read(environmentId);
    const settings = { jailReuse: jailReuse ?? before.jailReuse, limits: limits ?? before.limits };
    await this.settings.write(environmentId, settings);
    return settings;
  }
}
