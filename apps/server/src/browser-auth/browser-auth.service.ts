import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, type BrowserConnection, type BrowserConnectionQuery, type Credentials } from 'model';
import { ConnectAccess, requireAllowed } from '../connect/connect-access.service.js';
import type { StoredConnectSession } from '../connect/connect-session.repository.js';
import { BrowserConnectionService } from '../connection/browser-connection.service.js';
import type { WholeConnection } from '../connection/connection-import.service.js';
import { ConnectionService } from '../connection/connection.service.js';
import { PublicKeyRepository } from './public-key.repository.js';

/** What a browser asks for: a credential, and `params` for the provider's URLs. */
type Pasted = { integrationKey: string; credentials: Credentials; params: Record<string, string> };
type Place = { environmentId: number; connection: WholeConnection & { connectionId: string } };

@Injectable()
export class BrowserAuthService {
  constructor(
    private readonly publicKeys: PublicKeyRepository,
    private readonly sessions: ConnectAccess,
    private readonly connections: ConnectionService,
    private readonly made: BrowserConnectionService,
  ) {}

  /**
   * @throws AppError `wrong_auth_mode`; `connection_validation_failed`; by public key `unknown_account`, `forbidden` when the connection is there already;
   * by session `integration_not_allowed` and those of {@link ConnectAccess.sessionOf}
   */
  async connect(integrationKey: string, query: BrowserConnectionQuery, raw: Record<string, unknown>, credentials: Credentials): Promise<BrowserConnection> {
    const pasted = { integrationKey, credentials, params: parametersOf(raw) };
    const { connect_session_token: token, public_key = '', connection_id } = query;
    const { environmentId, connection } =
      token === undefined ? await this.byPublicKey(pasted, public_key, connection_id) : await this.bySession(pasted, token, connection_id);
    const { provider_config_key } = await this.made.keep(environmentId, connection);
    return { providerConfigKey: provider_config_key, connectionId: connection.connectionId };
  }

  private async byPublicKey({ params, ...pasted }: Pasted, publicKey: string, connectionId: string = randomUUID()): Promise<Place> {
    const environmentId = await this.publicKeys.environmentOf(publicKey);
    if (environmentId === null) throw new AppError('unknown_account', { message: 'There is no environment with this public key' });
    await this.requireNew(environmentId, pasted.integrationKey, connectionId);
    return { environmentId, connection: { ...pasted, connectionId, connectionConfig: params } };
  }

  // Who connects, and to which connection, was decided by the product's backend when it opened the session.
  private async bySession({ params, ...pasted }: Pasted, token: string, connectionId: string | undefined): Promise<Place> {
    const session = await this.sessions.sessionOf(token);
    const { environmentId, details } = session;
    requireAllowed(session, pasted.integrationKey);
    if (connectionId !== undefined) throw new AppError('invalid_query_params', { message: 'connection_id: a connect session decides it, leave it out' });
    const standing = session.connection && (await this.connections.requireById(environmentId, session.connection.id));
    const decided = details.integrations_config_defaults?.[pasted.integrationKey]?.connection_config;
    const connectionConfig = { ...standing?.connection_config, ...params, ...decided };
    const connection = { ...pasted, connectionId: standing?.connection_id ?? randomUUID(), connectionConfig, tags: details.tags, endUser: endUserOf(details) };
    return { environmentId, connection };
  }

  // Anybody can read a public key out of a page: it may add a connection, never put its own credential into somebody else's.
  private async requireNew(environmentId: number, integrationKey: string, connectionId: string): Promise<void> {
    const found = await this.connections.list(environmentId, { connectionId, integrations: [integrationKey], tags: {}, page: 0, limit: 1 });
    if (found.length === 0) return;
    throw new AppError('forbidden', {
      message: `The connection '${connectionId}' exists: a public key cannot change its credential. Import it from your backend.`,
    });
  }
}

function endUserOf({ end_user, organization }: StoredConnectSession['details']): WholeConnection['endUser'] {
  return end_user && { ...end_user, ...(organization ? { organization } : {}) };
}

/** `params[name]=value`, as the query parser leaves it. */
function parametersOf(query: Record<string, unknown>): Record<string, string> {
  const parameters = Object.entries(query).flatMap(([name, value]) => {
    const key = /^params\[([^\]]+)\]$/.exec(name)?.[1];
    return key && typeof value === 'string' ? [[key, value]] : [];
  });
  return Object.fromEntries(parameters);
}
