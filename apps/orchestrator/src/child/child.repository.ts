import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool } from 'database';

@Injectable()
export class ChildRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  async findConnection(environmentId: number, providerConfigKey: string, connectionName: string): Promise<number | null> {
    const { rows } = await this.pool.query<{ id: number }>(
      `SELECT c.id FROM connection c JOIN integration i ON i.id = c.integration_id AND i.environment_id = c.environment_id
       WHERE c.environment_id = $1 AND i.unique_key = $2 AND c.connection_id = $3 AND c.deleted_at IS NULL`,
      [environmentId, providerConfigKey, connectionName],
    );
    return rows[0]?.id ?? null;
  }

  async findAction(environmentId: number, providerConfigKey: string, name: string): Promise<{ versionId: number; enabled: boolean } | null> {
    const { rows } = await this.pool.query<{ versionId: number; enabled: boolean }>(
      `SELECT s.active_version_id AS "versionId", s.enabled FROM script s JOIN integration i ON i.id = s.integration_id AND i.environment_id = s.environment_id
       WHERE s.environment_id = $1 AND i.unique_key = $2 AND s.type = 'action' AND s.name = $3 AND s.active_version_id IS NOT NULL`,
      [environmentId, providerConfigKey, name],
    );
    return rows[0] ?? null;
  }
}
