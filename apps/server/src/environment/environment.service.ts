import { Injectable } from '@nestjs/common';
import type {
  EnvironmentSettings,
  EnvironmentSettingsPatch,
  EnvironmentVariables,
  RecordSettings,
  RecordSettingsPatch,
  WebhookSettings,
  WebhookSettingsPatch,
} from 'model';
import { EnvironmentVariableRepository } from './environment-variable.repository.js';
import { EnvironmentRepository } from './environment.repository.js';

@Injectable()
export class EnvironmentService {
  constructor(
    private readonly environments: EnvironmentRepository,
    private readonly variables: EnvironmentVariableRepository,
  ) {}

  settings(environmentId: number): Promise<EnvironmentSettings> {
    return this.environments.settings(environmentId);
  }

  async changeSettings(environmentId: number, patch: EnvironmentSettingsPatch): Promise<EnvironmentSettings> {
    if (patch.callback_url !== undefined) await this.environments.setCallbackUrl(environmentId, patch.callback_url);
    return this.environments.settings(environmentId);
  }

  secretKey(environmentId: number): Promise<string> {
    return this.environments.secretKey(environmentId);
  }

  webhooks(environmentId: number): Promise<WebhookSettings> {
    return this.environments.webhooks(environmentId);
  }

  async changeWebhooks(environmentId: number, patch: WebhookSettingsPatch): Promise<WebhookSettings> {
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Partial<WebhookSettings>;
    const settings = { ...(await this.environments.webhooks(environmentId)), ...given };
    await this.environments.setWebhooks(environmentId, settings);
    return settings;
  }

  recordSettings(environmentId: number): Promise<RecordSettings> {
    return this.environments.recordSettings(environmentId);
  }

  async changeRecordSettings(environmentId: number, patch: RecordSettingsPatch): Promise<RecordSettings> {
    const settings = await this.environments.recordSettings(environmentId);
    await this.environments.setRecordSettings(environmentId, {
      deletion_hold_percent: patch.deletion_hold_percent ?? settings.deletion_hold_percent,
      volatile_fields: patch.volatile_fields ?? settings.volatile_fields,
    });
    return this.environments.recordSettings(environmentId);
  }

  listVariables(environmentId: number): Promise<EnvironmentVariables> {
    return this.variables.list(environmentId);
  }

  async replaceVariables(environmentId: number, variables: EnvironmentVariables): Promise<EnvironmentVariables> {
    await this.variables.replace(environmentId, variables);
    return this.variables.list(environmentId);
  }
}
