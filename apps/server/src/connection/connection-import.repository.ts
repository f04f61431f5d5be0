import { Inject, Injectable } from '@nestjs/common';
import { purposes, Vault } from 'credentials';
import { DATABASE, type Database, Prisma, type Transaction } from 'database';
import type { Credentials, EndUser, Metadata, Tags } from 'model';
import { announce } from '../access/configuration-changes.repository.js';
import { createSyncRows } from '../sync/sync-rows.repository.js';

/** A connection to make, or to give a new credential. What is absent stays as it is on one that is there. */
export type ImportedConnection = {
  environmentId: number;
  integrationId: number;
  connectionId: string;
  credentials: Credentials;
  metadata?: Metadata | undefined;
  connectionConfig?: Record<string, unknown> | undefined;
  tags?: Tags | undefined;
  endUser?: EndUser | undefined;
};

/** Whether the connection was made or given a new credential. */
export type ImportOutcome = { id: number; operation: 'creation' | 'override' };

@Injectable()
export class ConnectionImportRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  /** One transaction: connection, the syncs it gets, and the word to those who run them. */
  async import(connection: ImportedConnection): Promise<ImportOutcome> {
    const { environmentId, credentials } = connection;
    const sealed = await this.vault.sealText(environmentId, purposes.connectionCredentials, JSON.stringify(credentials));
    return this.database.$transaction(async (transaction) => {
      const { id, created } = await upsert(transaction, connection, sealed);
      await transaction.connectionError.deleteMany({ where: { environmentId, connectionId: id, type: 'auth' } });
      await createSyncRows(transaction, { environmentId, connectionId: id });
      await announce(transaction, 'connection', [id]);
      return { id, operation: created ? 'creation' : 'override' };
    });
  }
}

async function upsert(transaction: Transaction, connection: ImportedConnection, sealed: string): Promise<{ id: number; created: boolean }> {
  const { environmentId, integrationId, connectionId, credentials } = connection;
  const expiresAt = credentials.type === 'OAUTH2' ? (credentials.expires_at ?? null) : null;
  const [metadata, config, tags, endUser] = [connection.metadata, connection.connectionConfig, connection.tags, connection.endUser].map(json);
  // A new version fences out a refresh of the old credential that is under way.
  const rows = await transaction.$queryRaw<{ id: number; created: boolean }[]>(Prisma.sql`
    insert into connection as c (environment_id, integration_id, connection_id, credentials, credential_expires_at, metadata, connection_config, tags, end_user)
    values (${environmentId}, ${integrationId}, ${connectionId}, ${sealed}, ${expiresAt}::timestamptz,
      coalesce(${metadata}::jsonb, '{}'), coalesce(${config}::jsonb, '{}'), coalesce(${tags}::jsonb, '{}'), ${endUser}::jsonb)
    on conflict (integration_id, connection_id) where deleted_at is null do update set
      credentials = excluded.credentials, credential_expires_at = excluded.credential_expires_at, credential_version = c.credential_version + 1,
      lease_token = null, lease_until = null, last_refresh_failure = null, refresh_failures = 0, updated_at = now(),
      metadata = coalesce(${metadata}::jsonb, c.metadata), connection_config = coalesce(${config}::jsonb, c.connection_config),
      tags = coalesce(${tags}::jsonb, c.tags), end_user = coalesce(${endUser}::jsonb, c.end_user)
    returning id, credential_version = 1 as created`);
  const [row] = rows;
  if (!row) throw new Error('an upsert returned no row');
  return row;
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
