import { Body, Controller, Get, Patch } from '@nestjs/common';
import {
  type CallLogSettings,
  CallLogSettingsPatch,
  type ConnectSettings,
  ConnectSettingsPatch,
  type EgressSettings,
  EgressSettingsPatch,
  type ScriptSettings,
  ScriptSettingsPatch,
} from 'model';
import { EnvironmentId } from '../access/environment-id.decorator.js';
import { EnvironmentSettingsService } from './environment-settings.service.js';

/** What the environment has set about its scripts and their calls. Changes concern the given fields only. */
@Controller('environment')
export class EnvironmentSettingsController {
  constructor(private readonly settings: EnvironmentSettingsService) {}

  @Get('scripts')
  readScripts(@EnvironmentId() environmentId: number): Promise<ScriptSettings> {
    return this.settings.scripts.read(environmentId);
  }

  @Patch('scripts')
  changeScripts(@EnvironmentId() environmentId: number, @Body({ schema: ScriptSettingsPatch }) patch: ScriptSettingsPatch): Promise<ScriptSettings> {
    return this.settings.scripts.change(environmentId, patch);
  }

  @Get('calls')
  readCalls(@EnvironmentId() environmentId: number): Promise<CallLogSettings> {
    return this.settings.calls.read(environmentId);
  }

  @Patch('calls')
  changeCalls(@EnvironmentId() environmentId: number, @Body({ schema: CallLogSettingsPatch }) patch: CallLogSettingsPatch): Promise<CallLogSettings> {
    return this.settings.calls.change(environmentId, patch);
  }

  @Get('egress')
  readEgress(@EnvironmentId() environmentId: number): Promise<EgressSettings> {
    return this.settings.egress.read(environmentId);
  }

  @Patch('egress')
  changeEgress(@EnvironmentId() environmentId: number, @Body({ schema: EgressSettingsPatch }) patch: EgressSettingsPatch): Promise<EgressSettings> {
    return this.settings.egress.change(environmentId, patch);
  }

  @Get('connect')
  readConnect(@EnvironmentId() environmentId: number): Promise<ConnectSettings> {
    return this.settings.connect.read(environmentId);
  }

  @Patch('connect')
  changeConnect(@EnvironmentId() environmentId: number, @Body({ schema: ConnectSettingsPatch }) patch: ConnectSettingsPatch): Promise<ConnectSettings> {
    return this.settings.connect.change(environmentId, patch);
  }
}
