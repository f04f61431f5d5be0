import { Inject, Injectable } from '@nestjs/common';
import { type CredentialTimes, sealCredentials, Vault } from 'credentials';
import { DATABASE, type Database, Prisma, type Transaction } from 'database';
import { AppError, type ConnectionScopes, type Credentials, type EndUser, type Metadata, type Tags } from 'model';
import { completeConnection } from './connection-completion.repository.js';

/** A connection to make, or to give a new credential. What is absent stays as it is on one that is there. */
export type ImportedConnection = {
  environmentId: number;
  integrationId: number;
  connectionId: string;
  credentials: Credentials;
  times: CredentialTimes;
  metadata?: Metadata | undefined;
  connectionConfig?: Record<string, unknown> | undefined;
  tags?: Tags | undefined;
  endUser?: EndUser | undefined;
  scopes?: ConnectionScopes | undefined;
  /** Whether a connection that is there may be given the credential; unless told otherwise it may. */
  mayReplace?: boolean | undefined;
};

/** Whether the connection was made or given a new credential, and the runs of event scripts to start for it. */
export type ImportOutcome = { id: number; operation: 'creation' | 'override'; eventRuns: string[] };

@Injectable()
export class ConnectionImportRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  /** One transaction: the connection, and all that follows from it. */
  async import(connection: ImportedConnection): Promise<ImportOutcome> {
    const { environmentId, integrationId, credentials } = connection;
    const sealed = await sealCredentials(this.vault, connection, credentials);
    return this.database.$transaction(async (transaction) => {
      const { id, created } = await upsertConnection(transaction, connection, sealed);
      const operation = created ? 'creation' : 'override';
      const eventRuns = await completeConnection(transaction, { environmentId, integrationId, id, operation, authMode: credentials.type });
      return { id, operation, eventRuns };
    });
  }
}

/** A connection's row with its new credential: `created` where there was none, `version` of the credential. */
export type UpsertedConnection = { id: number; created: boolean; version: number };

/** Makes the connection's row, or gives it a new credential; `sealed` is the credential. @throws AppError `forbidden` where it may not be replaced */
export async function upsertConnection(transaction: Transaction, connection: ImportedConnection, sealed: string): Promise<UpsertedConnection> {
  const { environmentId, integrationId, connectionId } = connection;
  const { expiresAt, issuedAt, renewAt } = connection.times;
  const [metadata, config, tags, endUser, scopes] = [
    connection.metadata,
    connection.connectionConfig,
    connection.tags,
    connection.endUser,
    connection.scopes,
  ].map(json);
  const mayReplace = connection.mayReplace ?? true;
  // A new version fences out a refresh of the old credential that is under way.
  const rows = await transaction.$queryRaw<UpsertedConnection[]>(Prisma.sql`
    insert into connection as c (environment_id, integration_id, connection_id, credentials, credential_expires_at, credential_issued_at,
      credential_renew_at, metadata, connection_config, tags, end_user, scopes)
    values (${environmentId}, ${integrationId}, ${connectionId}, ${sealed}, ${expiresAt}::timestamptz, ${issuedAt}::timestamptz,
      ${renewAt}::timestamptz,
      coalesce(${metadata}::jsonb, '{}'), coalesce(${config}::jsonb, '{}'), coalesce(${tags}::jsonb, '{}'), ${endUser}::jsonb, ${scopes}::jsonb)
    on conflict (integration_id, connection_id) where deleted_at is null do update set
      credentials = excluded.credentials, credential_expires_at = excluded.credential_expires_at, credential_issued_at = excluded.credential_issued_at,
      credential_renew_at = excluded.credential_renew_at, credential_version = c.credential_version + 1,
      lease_token = null, lease_until = null, last_refresh_failure = null, refresh_failures = 0, refusals = null, updated_at = now(),
      metadata = coalesce(${metadata}::jsonb, c.metadata), connection_config = coalesce(${config}::jsonb, c.connection_config),
      tags = coalesce(${tags}::jsonb, c.tags), end_user = coalesce(${endUser}::jsonb, c.end_user), scopes = ${scopes}::jsonb
    where ${mayReplace}
    returning id, credential_version = 1 as created, credential_version as version`);
  const [row] = rows;
  if (!row) throw mayNotReplace(connectionId);
  return row;
}

/** Anybody can read a public key out of a page: it may add a connection, never put its own credential into somebody else's. */
export function mayNotReplace(connectionId: string): AppError {
  return new AppError('forbidden', {
    message: `The connection '${connectionId}' exists: a public key without an HMAC cannot change its credential. Use a connect session, or import it from your backend.`,
  });
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
