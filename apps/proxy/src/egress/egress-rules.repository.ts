import type { Pool } from 'database';
import type { EgressSettings } from 'model';

/** The lists of where the calls of an environment may go. */
export class EgressRulesRepository {
  constructor(private readonly pool: Pool) {}

  async find(environmentId: number): Promise<EgressSettings> {
    const { rows } = await this.pool.query<EgressSettings>({
      name: 'egress_rules',
      text: 'SELECT egress_allow AS allow, egress_deny AS deny FROM environment WHERE id = $1',
      values: [environmentId],
    });
    return rows[0] ?? { allow: [], deny: [] };
  }
}
