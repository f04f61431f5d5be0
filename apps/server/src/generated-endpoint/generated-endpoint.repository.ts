import { Inject, Injectable } from '@nestjs/common';
import { type Pool, POOL } from 'database';
import type { EndpointOwner } from './endpoint-match.js';

@Injectable()
export class GeneratedEndpointRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** The enabled scripts of an integration that have endpoints. */
  async owners(environmentId: number, providerConfigKey: string): Promise<EndpointOwner[]> {
    const { rows } = await this.pool.query<EndpointOwner>(
      `SELECT s.type, s.name, v.models, v.endpoints
       FROM script s
       JOIN integration i ON i.id = s.integration_id AND i.environment_id = s.environment_id
       JOIN script_version v ON v.id = s.active_version_id
       WHERE s.environment_id = $1 AND i.unique_key = $2 AND s.enabled AND s.type IN ('sync', 'action') AND v.endpoints <> '[]'::jsonb`,
      [environmentId, providerConfigKey],
    );
    return rows;
  }
}
