import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, type Connection, type ConnectionImport, type Credentials, type EndUser, type GivenCredentials, type Metadata, type NewConnection, type Tags } from 'model';
import { requireKey } from '../script/connection-target.service.js';
import { IntegrationService } from '../integration/integration.service.js';
import { ConnectionImportRepository } from './connection-import.repository.js';
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

@Injectable()
export class ConnectionImportService {
  constructor(
    private readonly imports: ConnectionImportRepository,
    private readonly integrations: IntegrationService,
    private readonly connections: ConnectionService,
  ) {}

  /** The flat form; answers the name that the connection has. */
  async importFlat(environmentId: number, request: ConnectionImport): Promise<string> {
    const { provider_config_key, connection_id, metadata, connection_config, ...credentials } = request;
    const { connection } = await this.import(environmentId, { provider_config_key: requireKey(provider_config_key), connection_id, metadata, connection_config, credentials });
    return connection.connection_id;
  }

  /** The form with the credential as an object; answers the connection with it. */
  create(environmentId: number, request: NewConnection): Promise<{ connection: Connection; credentials: Credentials }> {
    return this.import(environmentId, request);
  }

  private async import(environmentId: number, request: Request): Promise<{ connection: Connection; credentials: Credentials }> {
    const integration = await this.integrations.require(environmentId, request.provider_config_key);
    const authMode = this.integrations.authMode(integration);
    const { type } = request.credentials;
    if (type !== undefined && type !== authMode) throw new AppError('wrong_auth_mode', { message: `The integration authorises with ${authMode}, not ${type}` });
    const credentials = credentialsFrom(authMode, request.credentials);
    const connectionId = request.connection_id ?? randomUUID();
    await this.imports.import({
      environmentId,
      integrationId: integration.id,
      connectionId,
      credentials,
      metadata: request.metadata,
      connectionConfig: request.connection_config,
      tags: request.tags,
      endUser: request.end_user,
    });
    return { connection: await this.connections.require(environmentId, integration.uniqueKey, connectionId), credentials };
  }
}
