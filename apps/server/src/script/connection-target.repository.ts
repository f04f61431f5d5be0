import { Inject, Injectable } from '@nestjs/common';
import { DATABASE, type Database } from 'database';

/** An integration and, where one was asked for and lives, its connection. */
export type FoundTarget = { integrationId: number; connection: { id: number } | null };

@Injectable()
export class ConnectionTargetRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async find(environmentId: number, providerConfigKey: string, connectionId: string | undefined): Promise<FoundTarget | null> {
    const rows = await this.database.$queryRaw<{ integrationId: number; connectionId: number | null }[]>`
      select i.id as "integrationId", c.id as "connectionId"
      from integration i
      left join connection c on c.integration_id = i.id and c.environment_id = i.environment_id and c.connection_id = ${connectionId ?? null} and c.deleted_at is null
      where i.environment_id = ${environmentId} and i.unique_key = ${providerConfigKey}`;
    const row = rows[0];
    return row ? { integrationId: row.integrationId, connection: row.connectionId === null ? null : { id: row.connectionId } } : null;
  }
}
