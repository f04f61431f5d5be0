import { Injectable } from '@nestjs/common';
import type { Connection } from 'model';
import type { DashboardConnection, DashboardConnectionDetail, DeletedDashboardConnection, NewDashboardConnection } from 'model/dashboard';
import { ConnectionImportService } from '../../connection/connection-import.service.js';
import { ConnectionService } from '../../connection/connection.service.js';
import { IntegrationService } from '../../integration/integration.service.js';
import { SyncService } from '../../sync/sync.service.js';
import { DashboardConnectionRepository } from './dashboard-connection.repository.js';

const mostConnections = 1_000;

@Injectable()
export class DashboardConnectionService {
  constructor(
    private readonly connections: ConnectionService,
    private readonly imports: ConnectionImportService,
    private readonly integrations: IntegrationService,
    private readonly syncs: SyncService,
    private readonly repository: DashboardConnectionRepository,
  ) {}

  /** The newest ones. */
  async list(environmentId: number): Promise<DashboardConnection[]> {
    const connections = await this.connections.list(environmentId, { tags: {}, limit: mostConnections, page: 0 });
    const counts = await this.repository.syncCounts(
      environmentId,
      connections.map(({ id }) => id),
    );
    return connections.map((connection) => ({
      ...toHead(connection),
      syncs: counts.get(connection.id) ?? 0,
      failing: connection.errors.filter(({ type }) => type === 'sync').length,
    }));
  }

  async detail(environmentId: number, id: number): Promise<DashboardConnectionDetail> {
    const connection = await this.connections.requireById(environmentId, id);
    const { connection_id, provider_config_key, metadata, connection_config, end_user, last_fetched_at } = connection;
    return {
      ...toHead(connection),
      authMode: this.integrations.authMode(connection),
      metadata,
      connectionConfig: connection_config,
      endUser: end_user,
      lastFetchedAt: last_fetched_at?.toISOString() ?? null,
      ...(await this.repository.credentialFacts(environmentId, id)),
      syncs: await this.syncs.status(environmentId, { provider_config_key, connection_id, syncs: [] }),
    };
  }

  /** Imports a credential. Fields of the form that were left empty count as absent. */
  async create(environmentId: number, { connection_config = {}, ...request }: NewDashboardConnection): Promise<DashboardConnectionDetail> {
    const filled = Object.fromEntries(Object.entries(connection_config).filter(([, value]) => value !== ''));
    const { connection } = await this.imports.create(environmentId, { ...request, connection_config: filled });
    return this.detail(environmentId, connection.id);
  }

  async delete(environmentId: number, id: number): Promise<DeletedDashboardConnection> {
    const { provider_config_key, connection_id } = await this.connections.requireById(environmentId, id);
    const { outcome } = await this.connections.delete(environmentId, provider_config_key, connection_id);
    return { revocation: outcome };
  }
}

function toHead(connection: Connection): Omit<DashboardConnection, 'syncs' | 'failing'> {
  const { id, connection_id, provider_config_key, provider, created_at, errors } = connection;
  return { id, connectionId: connection_id, integration: provider_config_key, provider, createdAt: created_at.toISOString(), problems: errors };
}
