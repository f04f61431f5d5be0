import { Inject, Injectable } from '@nestjs/common';
import { type Pool, POOL } from 'database';
import type { RunningExecution } from 'journal/postgres';

@Injectable()
export class AuditRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** Writes a line into the log of the execution's operation. */
  async add({ environmentId, operationId }: RunningExecution, message: string, meta: Record<string, unknown>): Promise<void> {
    await this.pool.query(`INSERT INTO operation_message (operation_id, environment_id, at, level, message, meta) VALUES ($1, $2, now(), 'warn', $3, $4)`, [
      operationId,
      environmentId,
      message,
      JSON.stringify(meta),
    ]);
  }
}
