import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool, type Queryable } from 'database';
import type { RunningExecution } from 'journal/postgres';

/**
 * Where an execution may save; the same for all its life. What it saves is noted as seen where its end looks for what is gone,
 * or its code calls `deleteRecordsFromPreviousExecutions`, which nothing announces.
 */
export type SaveTarget = { models: string[]; variant: string; notesSeen: boolean; deletesAtEnd: boolean };

@Injectable()
export class SaveTargetRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  async read({ executionId, environmentId }: RunningExecution, client: Queryable = this.pool): Promise<SaveTarget | null> {
    const { rows } = await client.query<SaveTarget>(
      `SELECT v.models, coalesce(y.variant, 'base') AS variant, e.kind = 'sync' AND v.track_deletes AND v.sync_type <> 'incremental' AS "deletesAtEnd",
         e.kind = 'sync' AND (v.track_deletes AND v.sync_type <> 'incremental' OR position('deleteRecordsFromPreviousExecutions' IN b.code) > 0) AS "notesSeen"
       FROM execution e
       JOIN script_version v ON v.id = e.script_version_id AND v.environment_id = e.environment_id
       JOIN bundle b ON b.environment_id = v.environment_id AND b.hash = v.bundle_hash
       LEFT JOIN sync y ON y.id = e.sync_id
       WHERE e.id = $1 AND e.environment_id = $2`,
      [executionId, environmentId],
    );
    return rows[0] ?? null;
  }
}
