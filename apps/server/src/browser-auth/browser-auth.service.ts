import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, type BrowserConnection, type BrowserConnectionQuery, type Credentials } from 'model';
import { BrowserConnectionService } from '../connection/browser-connection.service.js';
import { ConnectionService } from '../connection/connection.service.js';
import { PublicKeyRepository } from './public-key.repository.js';

@Injectable()
export class BrowserAuthService {
  constructor(
    private readonly publicKeys: PublicKeyRepository,
    private readonly connections: ConnectionService,
    private readonly made: BrowserConnectionService,
  ) {}

  /** @throws AppError `unknown_account`; `wrong_auth_mode`; `forbidden` when the connection is there already; `connection_validation_failed` */
  async connect(integrationKey: string, query: BrowserConnectionQuery, raw: Record<string, unknown>, credentials: Credentials): Promise<BrowserConnection> {
    const environmentId = await this.publicKeys.environmentOf(query.public_key);
    if (environmentId === null) throw new AppError('unknown_account', { message: 'There is no environment with this public key' });
    const connectionId = query.connection_id ?? randomUUID();
    await this.requireNew(environmentId, integrationKey, connectionId);
    const { provider_config_key } = await this.made.keep(environmentId, { integrationKey, connectionId, credentials, connectionConfig: parametersOf(raw) });
    return { providerConfigKey: provider_config_key, connectionId };
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

/** `params[name]=value`, as the query parser leaves it. */
function parametersOf(query: Record<string, unknown>): Record<string, string> {
  const parameters = Object.entries(query).flatMap(([name, value]) => {
    const key = /^params\[([^\]]+)\]$/.exec(name)?.[1];
    return key && typeof value === 'string' ? [[key, value]] : [];
  });
  return Object.fromEntries(parameters);
}
