import { Injectable } from '@nestjs/common';
import type { CallLogSettings, ConnectSettings, EgressSettings, ScriptSettings } from 'model';
import { CallLogSettingsService } from './call-log-settings.service.js';
import { ConnectSettingsService } from './connect-settings.service.js';
import { EgressSettingsService } from './egress-settings.service.js';
import { ScriptSettingsService } from './script-settings.service.js';

/** What an environment has set about its scripts and their calls, by the name that the API has for it. */
@Injectable()
export class EnvironmentSettingsService {
  constructor(
    /** What scripts may do, and what is refused of them. */
    readonly scripts: ScriptSettingsService,
    /** How calls to external APIs are logged. */
    readonly calls: CallLogSettingsService,
    /** Where calls may go. */
    readonly egress: EgressSettingsService,
    /** How browsers may authorise. */
    readonly connect: ConnectSettingsService,
  ) {}

  async read(environmentId: number): Promise<{ scripts: ScriptSettings; calls: CallLogSettings; egress: EgressSettings; connect: ConnectSettings }> {
    const [scripts, calls, egress, connect] = await Promise.all([
      this.scripts.read(environmentId),
      this.calls.read(environmentId),
      this.egress.read(environmentId),
      this.connect.read(environmentId),
    ]);
    return { scripts, calls, egress, connect };
  }
}
