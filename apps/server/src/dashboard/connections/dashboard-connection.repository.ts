import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';

/** A sync by the names that commands go by. */
export type NamedSync = { providerConfigKey: string; connectionId: string; name: string; variant: string };

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
