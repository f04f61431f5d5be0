import { Body, Get, Inject, Patch, Put } from '@nestjs/common';
import { EnvironmentSettingsPatch, type ScriptSettings, type WebhookSettings, WebhookSettingsPatch } from 'model';
import { type DashboardEnvironment, DashboardScriptsPatch, DashboardVariables } from 'model/dashboard';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { CONFIGURATION, type Configuration } from '../../configuration.js';
import { EnvironmentService } from '../../environment/environment.service.js';
import { ScriptSettingsService } from '../../environment/script-settings.service.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';

@DashboardController('environment')
export class DashboardEnvironmentController {
  constructor(
    private readonly environments: EnvironmentService,
    private readonly scripts: ScriptSettingsService,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  @Get()
  async get(@EnvironmentId() environmentId: number): Promise<DashboardEnvironment> {
    const { name, uuid, public_key, callback_url } = await this.environments.settings(environmentId);
    return {
      name,
      uuid,
      secretKey: await this.environments.secretKey(environmentId),
      publicKey: public_key,
      callbackUrl: callback_url ?? `${this.configuration.serverUrl}/oauth/callback`,
      webhooks: await this.environments.webhooks(environmentId),
      scripts: await this.scripts.get(environmentId),
      jails: await this.scripts.jails(),
      variables: await this.environments.listVariables(environmentId),
    };
  }

  @Patch()
  async change(
    @EnvironmentId() environmentId: number,
    @Body({ schema: EnvironmentSettingsPatch }) patch: EnvironmentSettingsPatch,
  ): Promise<DashboardEnvironment> {
    await this.environments.changeSettings(environmentId, patch);
    return this.get(environmentId);
  }

  @Patch('webhooks')
  changeWebhooks(@EnvironmentId() environmentId: number, @Body({ schema: WebhookSettingsPatch }) patch: WebhookSettingsPatch): Promise<WebhookSettings> {
    return this.environments.changeWebhooks(environmentId, patch);
  }

  /** Whether jails are used again, and the limits that differ from the defaults. */
  @Patch('scripts')
  changeScripts(@EnvironmentId() environmentId: number, @Body({ schema: DashboardScriptsPatch }) patch: DashboardScriptsPatch): Promise<ScriptSettings> {
    return this.scripts.change(environmentId, patch);
  }

  @Put('variables')
  async replaceVariables(
    @EnvironmentId() environmentId: number,
    @Body({ schema: DashboardVariables }) { variables }: DashboardVariables,
  ): Promise<DashboardVariables> {
    return { variables: await this.environments.replaceVariables(environmentId, variables) };
  }
}
