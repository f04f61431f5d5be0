import { Body, Get, Inject, Patch, Put } from '@nestjs/common';
import {
  type CallLogSettings,
  CallLogSettingsPatch,
  type ConnectSettings,
  ConnectSettingsPatch,
  type EgressSettings,
  EgressSettingsPatch,
  EnvironmentSettingsPatch,
  type JailSettings,
  JailSettingsPatch,
  type RecordSettings,
  RecordSettingsPatch,
  type ScriptSettings,
  ScriptSettingsPatch,
  type WebhookSettings,
  WebhookSettingsPatch,
} from 'model';
import { type DashboardEnvironment, DashboardVariables } from 'model/dashboard';
import { EnvironmentId } from '../../access/environment-id.decorator.js';
import { CONFIGURATION, type Configuration } from '../../configuration.js';
import { EnvironmentSettingsService } from '../../environment/environment-settings.service.js';
import { EnvironmentService } from '../../environment/environment.service.js';
import { JailSettingsService } from '../../environment/jail-settings.service.js';
import { defaultCallbackUrl } from '../../oauth/callback-url.js';
import { DashboardController } from '../session/dashboard-route.decorator.js';

@DashboardController('environment')
export class DashboardEnvironmentController {
  constructor(
    private readonly environments: EnvironmentService,
    private readonly jails: JailSettingsService,
    private readonly settings: EnvironmentSettingsService,
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
      callbackUrl: callback_url ?? defaultCallbackUrl(this.configuration.serverUrl),
      defaultCallbackUrl: defaultCallbackUrl(this.configuration.serverUrl),
      webhooks: await this.environments.webhooks(environmentId),
      records: await this.environments.recordSettings(environmentId),
      jails: await this.jails.read(environmentId),
      ...(await this.settings.read(environmentId)),
      runners: await this.jails.runners(),
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

  @Patch('scripts')
  changeScripts(@EnvironmentId() environmentId: number, @Body({ schema: ScriptSettingsPatch }) patch: ScriptSettingsPatch): Promise<ScriptSettings> {
    return this.settings.scripts.change(environmentId, patch);
  }

  @Patch('records')
  changeRecords(@EnvironmentId() environmentId: number, @Body({ schema: RecordSettingsPatch }) patch: RecordSettingsPatch): Promise<RecordSettings> {
    return this.environments.changeRecordSettings(environmentId, patch);
  }

  /** Whether jails are used again, and the limits that differ from the defaults. */
  @Patch('jails')
  changeJails(@EnvironmentId() environmentId: number, @Body({ schema: JailSettingsPatch }) patch: JailSettingsPatch): Promise<JailSettings> {
    return this.jails.change(environmentId, patch);
  }

  /** Where calls may go. */
  @Patch('egress')
  changeEgress(@EnvironmentId() environmentId: number, @Body({ schema: EgressSettingsPatch }) patch: EgressSettingsPatch): Promise<EgressSettings> {
    return this.settings.egress.change(environmentId, patch);
  }

  /** How browsers may authorise. */
  @Patch('connect')
  changeConnect(@EnvironmentId() environmentId: number, @Body({ schema: ConnectSettingsPatch }) patch: ConnectSettingsPatch): Promise<ConnectSettings> {
    return this.settings.connect.change(environmentId, patch);
  }

  @Patch('calls')
  changeCalls(@EnvironmentId() environmentId: number, @Body({ schema: CallLogSettingsPatch }) patch: CallLogSettingsPatch): Promise<CallLogSettings> {
    return this.settings.calls.change(environmentId, patch);
  }

  @Put('variables')
  async replaceVariables(
    @EnvironmentId() environmentId: number,
    @Body({ schema: DashboardVariables }) { variables }: DashboardVariables,
  ): Promise<DashboardVariables> {
    return { variables: await this.environments.replaceVariables(environmentId, variables) };
  }
}
