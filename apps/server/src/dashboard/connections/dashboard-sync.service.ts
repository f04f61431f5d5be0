import { Injectable } from '@nestjs/common';
import { AppError, type SyncCommand } from 'model';
import type { DashboardSyncTrigger } from 'model/dashboard';
import { SyncService } from '../../sync/sync.service.js';
import { DashboardConnectionRepository, type NamedSync } from './dashboard-connection.repository.js';

// The dashboard names everything in its requests' paths and bodies.
const noHeaders = { connectionId: undefined, providerConfigKey: undefined };

@Injectable()
export class DashboardSyncService {
  constructor(
    private readonly repository: DashboardConnectionRepository,
    private readonly syncs: SyncService,
  ) {}

  async trigger(environmentId: number, syncId: string, options: DashboardSyncTrigger): Promise<void> {
    await this.syncs.trigger(environmentId, noHeaders, { ...commandFor(await this.require(environmentId, syncId)), opts: options });
  }

  async setState(environmentId: number, syncId: string, state: 'started' | 'paused'): Promise<void> {
    await this.syncs.setState(environmentId, noHeaders, commandFor(await this.require(environmentId, syncId)), state);
  }

  async cancel(environmentId: number, syncId: string): Promise<void> {
    await this.syncs.cancel(environmentId, noHeaders, commandFor(await this.require(environmentId, syncId)));
  }

  async setFrequency(environmentId: number, syncId: string, frequency: string | null): Promise<void> {
    const { providerConfigKey, connectionId, name, variant } = await this.require(environmentId, syncId);
    const target = { provider_config_key: providerConfigKey, connection_id: connectionId, sync_name: name, sync_variant: variant };
    await this.syncs.setFrequency(environmentId, { ...target, frequency });
  }

  private async require(environmentId: number, syncId: string): Promise<NamedSync> {
    const sync = await this.repository.findSync(environmentId, syncId);
    if (!sync) throw new AppError('unknown_sync', { message: 'There is no such sync in this environment' });
    return sync;
  }
}

function commandFor({ providerConfigKey, connectionId, name, variant }: NamedSync): SyncCommand {
  return { provider_config_key: providerConfigKey, connection_id: connectionId, syncs: [{ name, variant }] };
}
