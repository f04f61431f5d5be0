import { Body, Controller, Get, Patch } from '@nestjs/common';
import {
  type EnvironmentSettings,
  EnvironmentSettingsPatch,
  type EnvironmentVariables,
  type RecordSettings,
  RecordSettingsPatch,
  type WebhookSettings,
  WebhookSettingsPatch,
} from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { EnvironmentService } from './environment.service.js';

@Controller()
export class EnvironmentController {
  constructor(private readonly environments: EnvironmentService) {}

  @Get('environment-variables')
  variables(@EnvironmentId() environmentId: number): Promise<EnvironmentVariables> {
    return this.environments.listVariables(environmentId);
  }

  /** Name, public key and callback URL of the key's environment. */
  @Get('environment')
  settings(@EnvironmentId() environmentId: number): Promise<EnvironmentSettings> {
    return this.environments.settings(environmentId);
  }

  @Patch('environment')
  changeSettings(
    @EnvironmentId() environmentId: number,
    @Body({ schema: EnvironmentSettingsPatch }) patch: EnvironmentSettingsPatch,
  ): Promise<EnvironmentSettings> {
    return this.environments.changeSettings(environmentId, patch);
  }

  /** Where webhooks to the product go, and which ones are sent. */
  @Get('environment/webhooks')
  webhooks(@EnvironmentId() environmentId: number): Promise<WebhookSettings> {
    return this.environments.webhooks(environmentId);
  }

  /** Changes the given fields only; a URL of null (or empty) switches it off. */
  @Patch('environment/webhooks')
  changeWebhooks(@EnvironmentId() environmentId: number, @Body({ schema: WebhookSettingsPatch }) patch: WebhookSettingsPatch): Promise<WebhookSettings> {
    return this.environments.changeWebhooks(environmentId, patch);
  }

  /** How records are treated. */
  @Get('environment/records')
  recordSettings(@EnvironmentId() environmentId: number): Promise<RecordSettings> {
    return this.environments.recordSettings(environmentId);
  }

  @Patch('environment/records')
  changeRecordSettings(@EnvironmentId() environmentId: number, @Body({ schema: RecordSettingsPatch }) patch: RecordSettingsPatch): Promise<RecordSettings> {
    return this.environments.changeRecordSettings(environmentId, patch);
  }
}
