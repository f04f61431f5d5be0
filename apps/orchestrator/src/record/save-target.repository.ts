import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool } from 'database';
import type { RunningExecution } from 'journal/postgres';

/** Where an execution may save. The same for all its life. */
export type SaveTarget = { models: string[]; variant: string; tracksDeletes: boolean };

@Injectable()
export class SaveTargetRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  async read({ executionId, environmentId }: RunningExecution): Promise<SaveTarget | null> {
    const { rows } = await this.pool.query<SaveTarget>(
      `SELECT v.models, coalesce(y.variant, 'base') AS variant, e.kind = 'sync' AND v.track_deletes AND v.sync_type <> 'incremental' AS "tracksDeletes"
       FROM execution e JOIN script_version v ON v.id = e.script_version_id AND v.environment_id = e.environment_id LEFT JOIN sync y ON y.id = e.sync_id
       WHERE e.id = $1 AND e.environment_id = $2`,
      [executionId, environmentId],
    );
    return rows[0] ?? null;
  }
}
