import { Injectable } from '@nestjs/common';
import type { CallLogSettings, CallLogSettingsPatch } from 'model';
import { CallLogSettingsRepository } from './call-log-settings.repository.js';

@Injectable()
export class CallLogSettingsService {
  constructor(private readonly settings: CallLogSettingsRepository) {}

  read(environmentId: number): Promise<CallLogSettings> {
    return this.settings.read(environmentId);
  }

  async change(environmentId: number, { log_percent }: CallLogSettingsPatch): Promise<CallLogSettings> {
    if (log_percent !== undefined) await this.settings.write(environmentId, { log_percent });
    return this.settings.read(environmentId);
  }
}
