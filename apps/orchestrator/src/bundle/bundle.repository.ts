import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool } from 'database';
import type { RunningExecution } from 'journal/postgres';

/** The code of script versions. */
@Injectable()
export class BundleRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** As it was deployed, source map included. */
  async code({ environmentId, scriptVersionId }: Pick<RunningExecution, 'environmentId' | 'scriptVersionId'>): Promise<string | null> {
    const { rows } = await this.pool.query<{ code: string }>(
      `SELECT b.code FROM script_version v JOIN bundle b ON b.environment_id = v.environment_id AND b.hash = v.bundle_hash WHERE v.id = $1 AND v.environment_id = $2`,
      [scriptVersionId, environmentId],
    );
    return rows[0]?.code ?? null;
  }
}
