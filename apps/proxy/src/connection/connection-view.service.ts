import { Injectable } from '@nestjs/common';
import { isNearEnd, providerOf } from 'credentials';
import { AppError, type Connection, type ConnectionRequest, type ConnectionWithCredentials, type ErrorCode, isAppError, withoutRefreshToken } from 'model';
import type { ConfigurationCache } from '../configuration/configuration-cache.js';
import { ConfigurationListener } from '../configuration/configuration-listener.js';
import { ConnectionRepository } from './connection.repository.js';
import { ConnectionService, expiring, keyOf } from './connection.service.js';
import { FetchMarks } from './fetch-marks.js';
import type { ConnectionName, ConnectionRow, Target, VersionedCredential } from './target.js';

/** A connection, its credential, and that one's version. */
export type ConnectionParts = { connection: Connection } & Pick<VersionedCredential, 'credentials' | 'credentialVersion'>;

/** A connection as JSON text, up to the time of the request and from there on, and what decides how long it may be told. */
type View = Pick<Target, 'credentials' | 'provider' | 'issuedAt' | 'connection'> & { head: string; tail: string };

/** Whole connections with fresh credentials, for scripts and for the server. */
@Injectable()
export class ConnectionViewService {
  private readonly views: ConfigurationCache<View>;

  constructor(
    private readonly connections: ConnectionService,
    private readonly repository: ConnectionRepository,
    private readonly marks: FetchMarks,
    listener: ConfigurationListener,
  ) {
    this.views = listener.cache(({ connection: { id, integrationId, environmentId } }) => [
      `connection:${id}`,
      `integration:${integrationId}`,
      `environment:${environmentId}`,
    ]);
  }

  /** The JSON of a connection without its refresh token: from memory, until a change of it is announced or its credential is near its end. */
  async readText(name: ConnectionName): Promise<string> {
    const load = (): Promise<View> => this.loadView(name);
    const known = await this.views.get(keyOf(name), load);
    const { connection: row, head, tail } = isNearEnd(expiring(known)) ? await this.views.renew(keyOf(name), known, load) : known;
    return `${head}${this.marks.add(row).toISOString()}${tail}`;
  }

  async read(asked: ConnectionRequest): Promise<ConnectionWithCredentials> {
    const { connection, credentials } = await this.readParts(nameOf(asked), asked);
    return { ...connection, credentials };
  }

  /** A connection with its credential apart from it. */
  async readParts(name: ConnectionName, asked: ConnectionRequest): Promise<ConnectionParts> {
    const row = await this.repository.find(name);
    const { credentials, credentialVersion } = await this.credentialsOf(row, asked);
    // Announced as well, but whoever forced it may ask again before that is heard.
    if (asked.forceRefresh) this.views.drop(`connection:${row.id}`);
    const connection = await this.view({ ...row, lastFetchedAt: this.marks.add(row) });
    return { connection, credentials: asked.refreshToken ? credentials : withoutRefreshToken(credentials), credentialVersion };
  }

  private async loadView(name: ConnectionName): Promise<View> {
    const row = await this.repository.find(name);
    const { credentials, issuedAt } = await this.credentialsOf(row, { forceRefresh: false });
    const { last_fetched_at: _, ...connection } = await this.view(row);
    const head = `${JSON.stringify(connection).slice(0, -1)},"last_fetched_at":"`;
    const tail = `","credentials":${JSON.stringify(withoutRefreshToken(credentials))}}`;
    return { connection: row, credentials, issuedAt, provider: providerOf(row), head, tail };
  }

  /** A credential that cannot be refreshed is told together with the connection it belongs to. */
  private async credentialsOf(row: ConnectionRow, { forceRefresh }: Pick<ConnectionRequest, 'forceRefresh'>): Promise<VersionedCredential> {
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
