import { Inject, Injectable } from '@nestjs/common';
import { type Pool, POOL, prepared } from 'database';

/** An integration and, where one was asked for and lives, its connection. */
export type FoundTarget = { integrationId: number; connection: { id: number } | null };

@Injectable()
export class ConnectionTargetRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  async find(environmentId: number, providerConfigKey: string, connectionId: string | undefined): Promise<FoundTarget | null> {
    // Asked with every page of records, so a statement of its own rather than Prisma's.
    const { rows } = await prepared(this.pool).query<{ integrationId: number; connectionId: number | null }>(
      `SELECT i.id AS "integrationId", c.id AS "connectionId"
       FROM integration i
       LEFT JOIN connection c ON c.integration_id = i.id AND c.environment_id = i.environment_id AND c.connection_id = $3 AND c.deleted_at IS NULL
       WHERE i.environment_id = $1 AND i.unique_key = $2`,
      [environmentId, providerConfigKey, connectionId ?? null],
    );
    const row = rows[0];
    return row ? { integrationId: row.integrationId, connection: row.connectionId === null ? null : { id: row.connectionId } } : null;
  }
}
