import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database, Prisma } from 'database';
import { type Connection, type ConnectionPatch, EndUser } from 'model';
import { announce } from '../access/configuration-changes.repository.js';
import { deleteSyncRows } from '../sync/sync-rows.repository.js';
import { toConnection } from './connection-row.js';

/** Which connections to list. Pages count from 0. */
export type ConnectionFilter = {
  connectionId?: string | undefined;
  search?: string | undefined;
  endUserId?: string | undefined;
  endUserOrganizationId?: string | undefined;
  integrations?: string[] | undefined;
  tags: Record<string, string>;
  limit: number;
  page: number;
};

const withNames = {
  omit: { credentials: true },
  include: { integration: { select: { uniqueKey: true, provider: true } }, problems: { select: { type: true, operationId: true }, orderBy: { id: 'asc' } } },
} as const satisfies Prisma.ConnectionDefaultArgs;

// One that is being judged is not there yet.
const living = { deletedAt: null, pendingSince: null } as const;

/** Connections without their credentials; deleted ones are never found. */
/** An installation of an app, and the connection that shall have it. */
export type InstallationClaim = { environmentId: number; integrationId: number; connectionId: string; installationId: string };

@Injectable()
export class ConnectionRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async list(environmentId: number, filter: ConnectionFilter): Promise<Connection[]> {
    const rows = await this.database.connection.findMany({
      ...withNames,
      where: { environmentId, ...living, AND: conditionsOf(filter) },
      orderBy: { id: 'desc' },
      take: filter.limit,
      skip: filter.limit * filter.page,
    });
    return rows.map(toConnection);
  }

  async find(environmentId: number, providerConfigKey: string, connectionId: string): Promise<Connection | null> {
    const where = { environmentId, connectionId, ...living, integration: { uniqueKey: providerConfigKey } };
    const row = await this.database.connection.findFirst({ ...withNames, where });
    return row && toConnection(row);
  }

  /** What its integration is, for those who look for that integration's scripts. */
  async integrationIdOf(environmentId: number, id: number): Promise<number | null> {
    const row = await this.database.connection.findFirst({ where: { environmentId, id }, select: { integrationId: true } });
    return row?.integrationId ?? null;
  }

  async findById(environmentId: number, id: number): Promise<Connection | null> {
    const row = await this.database.connection.findFirst({ ...withNames, where: { environmentId, id, ...living } });
    return row && toConnection(row);
  }

  async patch(environmentId: number, id: number, { tags, end_user }: ConnectionPatch): Promise<void> {
    await this.database.$transaction(async (transaction) => {
      await transaction.connection.update({
        where: { id, environmentId },
        data: { ...(tags === undefined ? {} : { tags }), ...(end_user === undefined ? {} : { endUser: end_user ?? Prisma.DbNull }) },
      });
      await announce(transaction, 'connection', [id]);
    });
  }

  /** Whose the other connections are that have an installation of an app. */
  async installationOwners({ environmentId, integrationId, connectionId, installationId }: InstallationClaim): Promise<(EndUser | null)[]> {
    const has = { path: ['installation_id'], equals: installationId };
    const where = { environmentId, integrationId, deletedAt: null, connectionId: { not: connectionId }, connectionConfig: has };
    const others = await this.database.connection.findMany({ where, select: { endUser: true } });
    return others.map(({ endUser }) => EndUser.nullable().parse(endUser));
  }

  /** Marks the connection and its syncs as deleted. Its credential is gone for good: nothing may use it any more. Nothing happens where somebody else was faster. */
  async delete(environmentId: number, id: number): Promise<void> {
    await this.database.$transaction(async (transaction) => {
      const gone = { deletedAt: new Date(), credentials: '' };
      const { count } = await transaction.connection.updateMany({ where: { id, environmentId, deletedAt: null }, data: gone });
      if (count === 0) return;
      await deleteSyncRows(transaction, { environmentId, connectionId: id });
      await announce(transaction, 'connection', [id]);
    });
  }
}

function conditionsOf({ connectionId, search, endUserId, endUserOrganizationId, integrations, tags }: ConnectionFilter): Prisma.ConnectionWhereInput[] {
  const text = literally(search ?? '');
  const contains = { contains: text, mode: 'insensitive' } as const;
  const endUserHas = (path: string[]): Prisma.ConnectionWhereInput => ({ endUser: { path, string_contains: text, mode: 'insensitive' } });
  return [
    ...(connectionId ? [{ connectionId }] : []),
    ...(integrations ? [{ integration: { uniqueKey: { in: integrations } } }] : []),
    ...(endUserId ? [{ endUser: { path: ['id'], equals: endUserId } }] : []),
    ...(endUserOrganizationId ? [{ endUser: { path: ['organization', 'id'], equals: endUserOrganizationId } }] : []),
    ...Object.entries(tags).map(([key, value]) => ({ tags: { path: [key], equals: value } })),
    ...(search ? [{ OR: [{ connectionId: contains }, endUserHas(['display_name']), endUserHas(['email'])] }] : []),
  ];
}

/** Prisma hands a text to LIKE as it is, where `%` and `_` stand for any other. */
function literally(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}
