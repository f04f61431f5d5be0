import { Injectable } from '@nestjs/common';
import { AppError, type Connection, type ConnectionRequest, type ConnectionWithCredentials, type Credentials, type ErrorCode, isAppError } from 'model';
import { ConnectionRepository } from './connection.repository.js';
import { ConnectionService } from './connection.service.js';
import type { ConnectionName, ConnectionRow, VersionedCredential } from './target.js';

/** A connection, its credential, and that one's version. */
export type ConnectionParts = { connection: Connection } & Pick<VersionedCredential, 'credentials' | 'credentialVersion'>;

/** Whole connections with fresh credentials, for scripts and for the server. */
@Injectable()
export class ConnectionViewService {
  constructor(
    private readonly connections: ConnectionService,
    private readonly repository: ConnectionRepository,
  ) {}

  async read(asked: ConnectionRequest): Promise<ConnectionWithCredentials> {
    const { connection, credentials } = await this.readParts(nameOf(asked), asked);
    return { ...connection, credentials };
  }

  /** A connection with its credential apart from it. */
  async readParts(name: ConnectionName, asked: ConnectionRequest): Promise<ConnectionParts> {
    const row = await this.repository.find(name);
    const { credentials, credentialVersion } = await this.credentialsOf(row, asked);
    const fetchedAt = new Date();
    await this.repository.markFetched(row.environmentId, row.id, fetchedAt);
    const connection = await this.view({ ...row, lastFetchedAt: fetchedAt });
    return { connection, credentials: asked.refreshToken ? credentials : withoutRefreshToken(credentials), credentialVersion };
  }

  /** A credential that cannot be refreshed is told together with the connection it belongs to. */
  private async credentialsOf(row: ConnectionRow, { forceRefresh }: ConnectionRequest): Promise<VersionedCredential> {
    try {
      return await this.connections.credentialOf(row, { force: forceRefresh });
    } catch (error) {
      if (!isAppError(error) || error.status !== 424) throw error;
      throw new AppError(error.code, { message: error.message, payload: { connection: await this.view(row) }, cause: error });
    }
  }

  private async view(row: ConnectionRow): Promise<Connection> {
    return {
      id: row.id,
      connection_id: row.connectionId,
      provider_config_key: row.providerConfigKey,
      provider: row.provider,
      errors: await this.repository.problems(row.environmentId, row.id),
      end_user: row.endUser,
      tags: row.tags,
      metadata: row.metadata,
      connection_config: row.connectionConfig,
      created_at: row.createdAt,
      updated_at: row.updatedAt,
      last_fetched_at: row.lastFetchedAt,
    };
  }
}

function nameOf(asked: ConnectionRequest): ConnectionName {
  return {
    environmentId: required(asked.environmentId, 'invalid_body'),
    providerConfigKey: required(asked.providerConfigKey, 'missing_provider_config_key'),
    connectionId: required(asked.connectionId, 'missing_connection_id'),
  };
}

function required<T>(value: T | undefined, code: ErrorCode): T {
  if (value === undefined) throw new AppError(code);
  return value;
}

function withoutRefreshToken(credentials: Credentials): Credentials {
  if (!('refresh_token' in credentials) || !('raw' in credentials)) return credentials;
  const { refresh_token: _, ...rest } = credentials;
  const raw = Object.entries(rest.raw as Record<string, unknown>); // an object in every mode that has it
  return { ...rest, raw: Object.fromEntries(raw.filter(([name]) => name !== 'refresh_token')) };
}
