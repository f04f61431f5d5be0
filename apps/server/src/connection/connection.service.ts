import { Injectable } from '@nestjs/common';
import type { Connection, ConnectionPatch } from 'model';
import { IntegrationService } from '../integration/integration.service.js';
import { unknownConnection } from '../script/connection-target.service.js';
import { type ConnectionFilter, ConnectionRepository } from './connection.repository.js';

@Injectable()
export class ConnectionService {
  constructor(
    private readonly connections: ConnectionRepository,
    private readonly integrations: IntegrationService,
  ) {}

  list(environmentId: number, filter: ConnectionFilter): Promise<Connection[]> {
    return this.connections.list(environmentId, filter);
  }

  /** @throws AppError `unknown_provider_config` 400, `unknown_connection` 404 */
  async require(environmentId: number, providerConfigKey: string, connectionId: string): Promise<Connection> {
    const found = await this.connections.find(environmentId, providerConfigKey, connectionId);
    if (found) return found;
    await this.integrations.require(environmentId, providerConfigKey);
    throw unknownConnection(providerConfigKey, connectionId, 404);
  }

  async patch(environmentId: number, providerConfigKey: string, connectionId: string, patch: ConnectionPatch): Promise<void> {
    const { id } = await this.require(environmentId, providerConfigKey, connectionId);
    await this.connections.patch(environmentId, id, patch);
  }

  async delete(environmentId: number, providerConfigKey: string, connectionId: string): Promise<void> {
    const { id } = await this.require(environmentId, providerConfigKey, connectionId);
    await this.connections.delete(environmentId, id);
  }
}
