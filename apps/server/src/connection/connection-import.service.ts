import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  AppError,
  type Connection,
  type ConnectionImport,
  type Credentials,
  type EndUser,
  type GivenCredentials,
  type Metadata,
  type NewConnection,
  type Tags,
} from 'model';
import { EventService } from '../event/event.service.js';
import { requireKey } from '../script/connection-target.service.js';
import type { StoredIntegration } from '../integration/integration.repository.js';
import { IntegrationService } from '../integration/integration.service.js';
import { ConnectionImportRepository, type ImportedConnection } from './connection-import.repository.js';
import { ConnectionService } from './connection.service.js';
import { credentialsFrom } from './given-credentials.js';

type Request = {
  provider_config_key: string;
  connection_id?: string | undefined;
  credentials: GivenCredentials & { type?: string };
  metadata?: Metadata | undefined;
  connection_config?: Record<string, unknown> | undefined;
  tags?: Tags | undefined;
  end_user?: EndUser | undefined;
};

/** A connection with its credential as it is kept; one without a name is given one. */
export type WholeConnection = Omit<ImportedConnection, 'environmentId' | 'integrationId' | 'connectionId'> & {
  integrationKey: string;
  connectionId?: string | undefined;
};

@Injectable()
export class ConnectionImportService {
  constructor(
    private readonly imports: ConnectionImportRepository,
    private readonly integrations: IntegrationService,
    private readonly connections: ConnectionService,
    private readonly events: EventService,
  ) {}

  /** The flat form; answers the name that the connection has. */
  async importFlat(environmentId: number, request: ConnectionImport): Promise<string> {
    const { provider_config_key, connection_id, metadata, connection_config, ...credentials } = request;
    const { connection } = await this.import(environmentId, {
      provider_config_key: requireKey(provider_config_key),
      connection_id,
      metadata,
      connection_config,
      credentials,
    });
    return connection.connection_id;
  }

  /** The form with the credential as an object; answers the connection with it. */
  create(environmentId: number, request: NewConnection): Promise<{ connection: Connection; credentials: Credentials }> {
    return this.import(environmentId, request);
  }

  /** A credential that is whole already, of the kind that the integration asks for. */
  async keep(environmentId: number, { integrationKey, credentials, connectionId = randomUUID(), ...rest }: WholeConnection): Promise<Connection> {
    const integration = await this.integrations.require(environmentId, integrationKey);
    this.requireMode(integration, credentials.type);
    const { eventRuns } = await this.imports.import({ ...rest, environmentId, integrationId: integration.id, connectionId, credentials });
    this.events.startOpened(environmentId, eventRuns);
    return this.connections.require(environmentId, integration.uniqueKey, connectionId);
  }

  /** @throws AppError `wrong_auth_mode` */
  requireMode(integration: StoredIntegration, type: string): void {
    const authMode = this.integrations.authMode(integration);
    if (type !== authMode) throw new AppError('wrong_auth_mode', { message: `The integration authorises with ${authMode}, not ${type}` });
  }

  private async import(environmentId: number, request: Request): Promise<{ connection: Connection; credentials: Credentials }> {
    const integration = await this.integrations.require(environmentId, request.provider_config_key);
    const { type, ...given } = request.credentials;
    if (type !== undefined) this.requireMode(integration, type);
    const credentials = credentialsFrom(this.integrations.authMode(integration), given);
    const { connection_id: connectionId, metadata, connection_config: connectionConfig, tags, end_user: endUser } = request;
    const connection = await this.keep(environmentId, {
      integrationKey: integration.uniqueKey,
      credentials,
      connectionId,
      metadata,
      connectionConfig,
      tags,
      endUser,
    });
    return { connection, credentials };
  }
}
