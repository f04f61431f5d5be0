import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool } from 'database';

const living = 'SELECT FROM connection c WHERE c.environment_id = b.environment_id AND c.deleted_at IS NULL';
const dropLeft = `DELETE FROM rate_budget b WHERE b.updated_at < now() - $1 * interval '1 millisecond' AND NOT CASE b.scope
    WHEN 'connection' THEN EXISTS (${living} AND c.id = b.owner_id)
    ELSE EXISTS (${living} AND c.integration_id = b.owner_id)
  END`;

@Injectable()
export class RateBudgetRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** Drops the rate budgets that no connection of their environment uses any more, nor any process for so long; answers of how many. */
  async drop(unusedForMs: number): Promise<number> {
    return (await this.pool.query(dropLeft, [unusedForMs])).rowCount ?? 0;
  }
}
