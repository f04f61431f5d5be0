import { Inject, Injectable } from '@nestjs/common';
import { type Pool, POOL } from 'database';
import { AppError, type ConnectionProblem } from 'model';
import type { ConnectionName, ConnectionRow } from './target.js';

/** A connection that was read with its credential. */
export type Fetched = { environmentId: number; id: number; at: Date };

type Row = {
  [Key in keyof ConnectionRow]: Key extends 'integrationId' | 'provider' | 'integrationConfig' | 'integrationRateLimit'
    ? ConnectionRow[Key]
    : ConnectionRow[Key] | null;
};

const byName = `SELECT i.id AS "integrationId", i.provider, i.unique_key AS "providerConfigKey", c.id, c.environment_id AS "environmentId",
    c.connection_id AS "connectionId", c.connection_config AS "connectionConfig", c.metadata, c.end_user AS "endUser", c.tags,
    c.created_at AS "createdAt", c.updated_at AS "updatedAt", c.last_fetched_at AS "lastFetchedAt",
    i.oauth_client_id AS "oauthClientId", i.oauth_client_secret AS "sealedClientSecret",
    c.credentials AS "sealedCredentials", c.credential_version AS "credentialVersion", c.refusals,
    c.credential_issued_at AS "credentialIssuedAt", i.config AS "integrationConfig",
    c.rate_limit AS "rateLimit", i.rate_limit AS "integrationRateLimit"
  FROM integration i
  LEFT JOIN connection c ON c.integration_id = i.id AND c.environment_id = i.environment_id AND c.connection_id = $3 AND c.deleted_at IS NULL
  WHERE i.environment_id = $1 AND i.unique_key = $2`;

@Injectable()
export class ConnectionRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** @throws AppError `unknown_provider_config`, `unknown_connection` */
  async find({ environmentId, providerConfigKey, connectionId }: ConnectionName): Promise<ConnectionRow> {
    const { rows } = await this.pool.query<Row>({ name: 'connection_by_name', text: byName, values: [environmentId, providerConfigKey, connectionId] });
    const [row] = rows;
    if (!row) throw new AppError('unknown_provider_config', { message: `There is no integration '${providerConfigKey}' in this environment` });
    if (row.id === null) throw new AppError('unknown_connection', { message: `There is no connection '${connectionId}' for '${providerConfigKey}'` });
    return row as ConnectionRow; // the connection's columns are only null together, with its id
  }

  async problems(environmentId: number, id: number): Promise<ConnectionProblem[]> {
    const { rows } = await this.pool.query<ConnectionProblem>(
      'SELECT type, operation_id AS log_id FROM connection_error WHERE environment_id = $1 AND connection_id = $2 ORDER BY id',
      [environmentId, id],
    );
    return rows;
  }

  /** Rows that somebody else has locked are left out: waiting for them with others locked could end in a deadlock. */
  async markFetched(fetched: readonly Fetched[]): Promise<void> {
    await this.pool.query(
      `WITH fetched AS (SELECT * FROM unnest($1::int[], $2::int[], $3::timestamptz[]) AS f (environment_id, id, at)),
         free AS MATERIALIZED (SELECT c.id, f.at FROM connection c JOIN fetched f USING (environment_id, id) FOR NO KEY UPDATE OF c SKIP LOCKED)
       UPDATE connection c SET last_fetched_at = free.at FROM free WHERE c.id = free.id`,
      [fetched.map(({ environmentId }) => environmentId), fetched.map(({ id }) => id), fetched.map(({ at }) => at)],
    );
  }
}
