import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool } from 'database';

/** Few enough that nobody waits long for a statement. */
const batch = 5_000;

const dropSome = `WITH old AS (SELECT id, environment_id FROM operation WHERE kind = 'proxy' AND started_at < now() - $1 * interval '1 millisecond' LIMIT $2),
    lines AS (DELETE FROM operation_message m USING old WHERE m.operation_id = old.id AND m.environment_id = old.environment_id)
  DELETE FROM operation o USING old WHERE o.id = old.id AND o.environment_id = old.environment_id`;

@Injectable()
export class CallLogRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** Drops the operations of calls that began so long ago, of all environments; answers of how many. */
  async drop(olderThanMs: number): Promise<number> {
    let dropped = 0;
    for (;;) {
      const { rowCount } = await this.pool.query(dropSome, [olderThanMs, batch]);
      dropped += rowCount ?? 0;
      if ((rowCount ?? 0) < batch) return dropped;
    }
  }
}
