import { Injectable } from '@nestjs/common';
import type { CallLogSettings, EgressSettings } from 'model';
import { CallLogSettingsService } from './call-log-settings.service.js';
import { EgressSettingsService } from './egress-settings.service.js';

/** What an environment has set about calls to external APIs: where they may go, and how many of them are logged. */
@Injectable()
export class OutgoingSettingsService {
  constructor(
    readonly calls: CallLogSettingsService,
    readonly egress: EgressSettingsService,
  ) {}

  async read(environmentId: number): Promise<{ calls: CallLogSettings; egress: EgressSettings }> {
    const [calls, egress] = await Promise.all([this.calls.read(environmentId), this.egress.read(environmentId)]);
    return { calls, egress };
  }
}
