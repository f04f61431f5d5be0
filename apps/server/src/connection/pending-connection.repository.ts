import { Inject, Injectable } from '@nestjs/common';
import { sealCredentials, Vault } from 'credentials';
import { DATABASE, type Database, Prisma, type Transaction } from 'database';
import { announce } from '../access/configuration-changes.repository.js';
import { type AcceptedConnection, completeConnection } from './connection-completion.repository.js';
import { type ImportedConnection, type ImportOutcome, upsertConnection } from './connection-import.repository.js';

/** A connection whose new credential is being judged, and what an old one had before. */
export type PendingConnection = AcceptedConnection & { before: Before | null };

type Before = { credentials: string; credentialExpiresAt: Date | null; connectionConfig: unknown; metadata: unknown };

/** Connections between their credential and its acceptance. Nobody is told of a new one, and it has no syncs. */
@Injectable()
export class PendingConnectionRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  async add(connection: ImportedConnection): Promise<PendingConnection> {
    const { environmentId, integrationId, connectionId, credentials } = connection;
    const sealed = await sealCredentials(this.vault, connection, credentials);
    return this.database.$transaction(async (transaction) => {
      await dropForgotten(transaction, environmentId);
      const found = await transaction.connection.findFirst({ where: { environmentId, integrationId, connectionId, deletedAt: null } });
      const { id } = await upsertConnection(transaction, connection, sealed);
      const isNew = found === null || found.pendingSince !== null;
      if (isNew) await transaction.connection.update({ where: { id, environmentId }, data: { pendingSince: new Date() }, select: { id: true } });
      await announce(transaction, 'connection', [id]);
      return { environmentId, integrationId, id, authMode: credentials.type, operation: isNew ? 'creation' : 'override', before: isNew ? null : found };
    });
  }

  accept(connection: PendingConnection): Promise<ImportOutcome> {
    const { environmentId, id, operation } = connection;
    return this.database.$transaction(async (transaction) => {
      await transaction.connection.update({ where: { id, environmentId }, data: { pendingSince: null }, select: { id: true } });
      return { id, operation, eventRuns: await completeConnection(transaction, connection) };
    });
  }

  /** A new connection goes, with its credential; an old one gets back what it had. */
  async refuse({ environmentId, id, before }: PendingConnection): Promise<void> {
    await this.database.$transaction(async (transaction) => {
      const data = before ? { ...restored(before), credentialVersion: { increment: 1 } } : { deletedAt: new Date(), credentials: '' };
      await transaction.connection.update({ where: { id, environmentId }, data, select: { id: true } });
      await announce(transaction, 'connection', [id]);
    });
  }
}

function restored({ credentials, credentialExpiresAt, connectionConfig, metadata }: Before) {
  // As they came from these very columns.
  return { credentials, credentialExpiresAt, connectionConfig: connectionConfig as Prisma.InputJsonObject, metadata: metadata as Prisma.InputJsonObject };
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
