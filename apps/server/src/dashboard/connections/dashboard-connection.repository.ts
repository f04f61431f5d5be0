import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';
import { ConnectionScopes } from 'model';
import type { DashboardConnectionDetail } from 'model/dashboard';

/** A sync by the names that commands go by. */
export type NamedSync = { providerConfigKey: string; connectionId: string; name: string; variant: string };

type CredentialFacts = Pick<DashboardConnectionDetail, 'scopes' | 'credentialExpiresAt' | 'credentialRenewAt'>;

@Injectable()
export class DashboardConnectionRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** How many syncs each of these connections has. */
  async syncCounts(environmentId: number, connectionIds: number[]): Promise<Map<number, number>> {
    const rows = await this.database.sync.groupBy({
      by: ['connectionId'],
      where: { environmentId, connectionId: { in: connectionIds }, state: { not: 'deleted' } },
      _count: true,
    });
    return new Map(rows.map(({ connectionId, _count }) => [connectionId, _count]));
  }

  /** The scopes of a connection, and the times of its credential. */
  async credentialFacts(environmentId: number, id: number): Promise<CredentialFacts> {
    const row = await this.database.connection.findFirst({
      where: { environmentId, id },
      select: { scopes: true, credentialExpiresAt: true, credentialRenewAt: true },
    });
    return {
      scopes: ConnectionScopes.nullable()
        .catch(null)
        .parse(row?.scopes ?? null),
      credentialExpiresAt: row?.credentialExpiresAt?.toISOString() ?? null,
      credentialRenewAt: row?.credentialRenewAt?.toISOString() ?? null,
    };
  }

  async findSync(environmentId: number, id: string): Promise<NamedSync | null> {
    const row = await this.database.sync.findFirst({
      where: { environmentId, id, state: { not: 'deleted' }, connection: { deletedAt: null } },
      select: {
        variant: true,
        script: { select: { name: true } },
        connection: { select: { connectionId: true, integration: { select: { uniqueKey: true } } } },
      },
    });
    if (!row) return null;
    const { connection, script, variant } = row;
    return { providerConfigKey: connection.integration.uniqueKey, connectionId: connection.connectionId, name: script.name, variant };
  }
}
