import { Injectable } from '@nestjs/common';
import { AppError, type ConnectSettings, type ConnectSettingsPatch } from 'model';
import { ConnectSettingsRepository } from './connect-settings.repository.js';

/** How browsers may authorise in an environment. */
@Injectable()
export class ConnectSettingsService {
  constructor(private readonly settings: ConnectSettingsRepository) {}

  read(environmentId: number): Promise<ConnectSettings> {
    return this.settings.read(environmentId);
  }

  /** What is absent stays. @throws AppError `invalid_body` when an HMAC would be demanded without a key to check it with */
  async change(environmentId: number, patch: ConnectSettingsPatch): Promise<ConnectSettings> {
    const settings = { ...(await this.settings.read(environmentId)), ...definedOnly(patch) };
    if (settings.hmac_enabled && settings.hmac_key === null)
      throw new AppError('invalid_body', { message: 'hmac_enabled: set hmac_key first, with at least 16 characters' });
    await this.settings.write(environmentId, patch);
    return settings;
  }
}

function definedOnly(patch: ConnectSettingsPatch): Partial<ConnectSettings> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
