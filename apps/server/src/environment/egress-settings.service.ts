import { Injectable } from '@nestjs/common';
import type { EgressSettings, EgressSettingsPatch } from 'model';
import { EgressSettingsRepository } from './egress-settings.repository.js';

@Injectable()
export class EgressSettingsService {
  constructor(private readonly settings: EgressSettingsRepository) {}

  read(environmentId: number): Promise<EgressSettings> {
    return this.settings.read(environmentId);
  }

  /** What is absent stays. */
  async change(environmentId: number, { allow, deny }: EgressSettingsPatch): Promise<EgressSettings> {
    const before = await this.settings.read(environmentId);
    const settings = { allow: allow ?? before.allow, deny: deny ?? before.deny };
    await this.settings.write(environmentId, settings);
    return settings;
  }
}
