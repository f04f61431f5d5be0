import { Injectable } from '@nestjs/common';
import { revokeCredentials } from 'authorization';
import { openCredentials, Vault } from 'credentials';
import type { Revocation, RevocationRequest } from 'model';
import { ConnectionRepository } from '../connection/connection.repository.js';
import { TokenContexts } from './token-contexts.service.js';

/** Gives credentials back to their providers when a connection is deleted. */
@Injectable()
export class RevocationService {
  constructor(
    private readonly contexts: TokenContexts,
    private readonly connections: ConnectionRepository,
    private readonly vault: Vault,
  ) {}

  /** @throws AppError `unknown_provider_config`, `unknown_connection`; a provider that refuses is an outcome */
  async revoke(request: RevocationRequest): Promise<Revocation> {
    const connection = await this.connections.find(request);
    const credentials = await openCredentials(this.vault, connection, connection.sealedCredentials);
    const { context } = await this.contexts.open({ ...request, connectionConfig: connection.connectionConfig });
    return { outcome: await revokeCredentials(context, credentials) };
  }
}
