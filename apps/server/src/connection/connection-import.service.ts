import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type CredentialTimes, credentialTimes } from 'credentials';
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
import type { Provider } from 'providers';
import { EventService } from '../event/event.service.js';
import { IntegrationService } from '../integration/integration.service.js';
import { requireKey } from '../script/connection-target.service.js';
import { AuthorizationService } from './authorization.service.js';
import { ConnectionImportRepository, type ImportedConnection } from './connection-import.repository.js';
import { ConnectionService } from './connection.service.js';
import { importedGrant } from './imported-credential.js';

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
export type WholeConnection = Omit<ImportedConnection, 'environmentId' | 'integrationId' | 'connectionId' | 'times'> & {
  integrationKey: string;
  connectionId?: string | undefined;
};

/** Connections of credentials that the product's backend has already. */
@Injectable()
export class ConnectionImportService {
  constructor(
    private readonly imports: ConnectionImportRepository,
    private readonly integrations: IntegrationService,
    private readonly connections: ConnectionService,
    private readonly events: EventService,
    private readonly authorizations: AuthorizationService,
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

  /** Keeps a credential that is whole already, and starts what follows from it. */
  async keep(environmentId: number, { integrationKey, connectionId = randomUUID(), ...rest }: WholeConnection): Promise<Connection> {
    const integration = await this.integrations.require(environmentId, integrationKey);
    const times = timesOf(rest, this.integrations.provider(integration));
    const { eventRuns } = await this.imports.import({ ...rest, times, environmentId, integrationId: integration.id, connectionId });
    this.events.startOpened(environmentId, eventRuns);
    return this.connections.require(environmentId, integration.uniqueKey, connectionId);
  }

  private async import(environmentId: number, request: Request): Promise<{ connection: Connection; credentials: Credentials }> {
    const integration = await this.integrations.require(environmentId, request.provider_config_key);
    const { type, ...given } = request.credentials;
    const authMode = this.integrations.authMode(integration);
    if (type !== undefined && type !== authMode) throw wrongMode(authMode, type);
    const grant = importedGrant(authMode, this.integrations.provider(integration), given);
    const { connection_id: connectionId, metadata, tags, end_user: endUser } = request;
    const before = connectionId === undefined ? null : await this.connections.find(environmentId, integration.uniqueKey, connectionId);
    const connectionConfig = request.connection_config ?? before?.connection_config ?? {};
    const authorized = await this.authorizations.authorize({ environmentId, integration, connectionConfig, grant });
    const whole = { integrationKey: integration.uniqueKey, connectionId, metadata, tags, endUser };
    const connection = await this.keep(environmentId, { ...whole, ...keptOf(authorized) });
    return { connection, credentials: authorized.credentials };
  }
}

/** When a credential that has just come ends, and when it is renewed. */
export function timesOf({ credentials, connectionConfig }: Pick<WholeConnection, 'credentials' | 'connectionConfig'>, provider: Provider): CredentialTimes {
  return credentialTimes(credentials, new Date(), { provider, connectionConfig });
}

/** The error for a credential of another kind than the integration's. */
export function wrongMode(authMode: string, given: string): AppError {
  return new AppError('wrong_auth_mode', { message: `The integration authorises with ${authMode}, not ${given}` });
}

function keptOf({ credentials, connectionConfig, scopes }: Pick<WholeConnection, 'credentials' | 'connectionConfig' | 'scopes'>) {
  return { credentials, connectionConfig, scopes };
}
