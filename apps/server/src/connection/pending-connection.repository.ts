import { Inject, Injectable } from '@nestjs/common';
import { sealCredentials, Vault } from 'credentials';
import { DATABASE, type Database, Prisma, type Transaction } from 'database';
import { announce } from '../access/configuration-changes.repository.js';
import { type AcceptedConnection, completeConnection } from './connection-completion.repository.js';
import { type ImportedConnection, type ImportOutcome, upsertConnection } from './connection-import.repository.js';

/** A connection whose new credential is being judged, and what an old one had before. */
export type PendingConnection = AcceptedConnection & { version: number; before: Before };

type Before = Awaited<ReturnType<typeof rowOf>>;

/** Connections between their credential and its acceptance. Nobody is told of a new one, and it has no syncs. */
@Injectable()
export class PendingConnectionRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  async add(connection: ImportedConnection): Promise<PendingConnection> {
    const { environmentId, integrationId, credentials } = connection;
    const sealed = await sealCredentials(this.vault, connection, credentials);
    return this.database.$transaction(async (transaction) => {
      await dropForgotten(transaction, environmentId);
      const found = await rowOf(transaction, connection);
      const { id, version } = await upsertConnection(transaction, connection, sealed);
      const isNew = found === null || found.pendingSince !== null;
      if (isNew) await transaction.connection.update({ where: { id, environmentId }, data: { pendingSince: new Date() }, select: { id: true } });
      await announce(transaction, 'connection', [id]);
      return {
        environmentId,
        integrationId,
        id,
        authMode: credentials.type,
        version,
        operation: isNew ? 'creation' : 'override',
        before: isNew ? null : found,
      };
    });
  }

  accept(connection: PendingConnection): Promise<ImportOutcome> {
    const { environmentId, id, operation } = connection;
    return this.database.$transaction(async (transaction) => {
      await transaction.connection.update({ where: { id, environmentId }, data: { pendingSince: null }, select: { id: true } });
      return { id, operation, eventRuns: await completeConnection(transaction, connection) };
    });
  }

  /** A new connection goes, with its credential; an old one gets back what it had. One that was changed or deleted meanwhile stays so. */
  async refuse({ environmentId, id, version, before }: PendingConnection): Promise<void> {
    await this.database.$transaction(async (transaction) => {
      const data = before ? { ...restored(before), credentialVersion: { increment: 1 } } : { deletedAt: new Date(), credentials: '' };
      const { count } = await transaction.connection.updateMany({ where: { id, environmentId, credentialVersion: version, deletedAt: null }, data });
      if (count === 0) return;
      // A renewal of the old credential that was under way: its answer is that of the restored one.
      if (before) {
        const attempts = { connectionId: id, environmentId, credentialVersion: before.credentialVersion, outcome: null };
        await transaction.refreshAttempt.updateMany({ where: attempts, data: { credentialVersion: version + 1 } });
      }
      await announce(transaction, 'connection', [id]);
    });
  }
}

function rowOf(transaction: Transaction, { environmentId, integrationId, connectionId }: ImportedConnection) {
  return transaction.connection.findFirst({ where: { environmentId, integrationId, connectionId, deletedAt: null } });
}

// What a column that is never null gave.
const json = (value: Prisma.JsonValue): Prisma.InputJsonObject => value as Prisma.InputJsonObject;

/** All that a new credential replaces, as it came from these very columns. */
function restored(before: NonNullable<Before>): Prisma.ConnectionUpdateManyMutationInput {
  const { credentials, credentialExpiresAt, credentialIssuedAt, credentialRenewAt, lastRefreshFailure, refreshFailures } = before;
  const times = { credentialExpiresAt, credentialIssuedAt, credentialRenewAt, lastRefreshFailure, refreshFailures, leaseToken: null, leaseUntil: null };
  const nullable = { endUser: before.endUser ?? Prisma.DbNull, scopes: before.scopes ?? Prisma.DbNull, refusals: before.refusals ?? Prisma.DbNull };
  return { credentials, ...times, connectionConfig: json(before.connectionConfig), metadata: json(before.metadata), tags: json(before.tags), ...nullable };
}

// A server that died while it waited for a verdict leaves one behind.
async function dropForgotten(transaction: Transaction, environmentId: number): Promise<void> {
  const pendingSince = { lt: new Date(Date.now() - 15 * 60_000) };
  const forgotten = { where: { environmentId, pendingSince, deletedAt: null }, data: { deletedAt: new Date(), credentials: '' }, select: { id: true } };
  const dropped = await transaction.connection.updateManyAndReturn(forgotten);
  await announce(
    transaction,
    'connection',
    dropped.map(({ id }) => id),
  );
}
