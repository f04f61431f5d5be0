import { Injectable } from '@nestjs/common';
import { AppError, type SyncCommand } from 'model';
import { SyncService } from '../../sync/sync.service.js';
import { DashboardConnectionRepository } from './dashboard-connection.repository.js';

// The dashboard names everything in its requests' paths and bodies.
const noHeaders = { connectionId: undefined, providerConfigKey: undefined };

@Injectable()
export class DashboardSyncService {
  constructor(
    private readonly repository: DashboardConnectionRepository,
    private readonly syncs: SyncService,
  ) {}

  async trigger(environmentId: number, syncId: string): Promise<void> {
    await this.syncs.trigger(environmentId, noHeaders, await this.commandFor(environmentId, syncId));
  }

  async setState(environmentId: number, syncId: string, state: 'started' | 'paused'): Promise<void> {
    await this.syncs.setState(environmentId, noHeaders, await this.commandFor(environmentId, syncId), state);
  }

  private async commandFor(environmentId: number, syncId: string): Promise<SyncCommand> {
    const sync = await this.repository.findSync(environmentId, syncId);
    if (!sync) throw new AppError('unknown_sync', { message: 'There is no such sync in this environment' });
    const { providerConfigKey, connectionId, name, variant } = sync;
    return { provider_config_key: providerConfigKey, connection_id: connectionId, syncs: [{ name, variant }] };
  }
}
