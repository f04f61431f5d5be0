import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool } from 'database';
import type { JailReport } from 'model';

@Injectable()
export class RunnerRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** Keeps what a runner says of itself, and forgets those that have said nothing for a day. */
  async report({ runner, tier, details }: JailReport): Promise<void> {
    await this.pool.query(
      `WITH gone AS (DELETE FROM runner WHERE seen_at < now() - interval '1 day' AND id <> $1)
       INSERT INTO runner (id, tier, details) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET tier = EXCLUDED.tier, details = EXCLUDED.details, seen_at = now()`,
      [runner, tier, details],
    );
  }
}
