import { Injectable } from '@nestjs/common';
import type { MetadataChange } from 'model';
import { IntegrationService } from '../integration/integration.service.js';
import { unknownConnection } from '../script/connection-target.service.js';
import { ConnectionMetadataRepository, type MetadataMode } from './connection-metadata.repository.js';

@Injectable()
export class ConnectionMetadataService {
  constructor(
    private readonly metadata: ConnectionMetadataRepository,
    private readonly integrations: IntegrationService,
  ) {}

  async write(environmentId: number, mode: MetadataMode, change: MetadataChange): Promise<void> {
    const { provider_config_key: providerConfigKey, metadata } = change;
    await this.integrations.require(environmentId, providerConfigKey);
    const connectionIds = [change.connection_id].flat();
    const { missing } = await this.metadata.write({ environmentId, providerConfigKey, connectionIds }, mode, metadata);
    if (missing[0] !== undefined) throw unknownConnection(providerConfigKey, missing[0], 404);
  }
}
