import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Queryable, type Pool } from 'database';
import type { RunningExecution } from 'journal/postgres';
import type { LimitOverrides, LogMessage } from 'model';
import { jsonText } from '../platform/json-text.js';

/** The operation whose lines are written. */
export type OperationRef = { operationId: string; environmentId: number };

@Injectable()
export class OperationLogRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /**
   * Counts the lines of an execution up to these. Before the lines are written: one that is lost is better than one told twice.
   * @returns how many of them were counted before
   */
  async advance({ executionId, environmentId, generation }: RunningExecution, from: number, count: number): Promise<number> {
    const { rows } = await this.pool.query<{ known: number }>(
      `UPDATE execution e SET log_lines = greatest(e.log_lines, $4::int + $5::int) FROM (SELECT id, log_lines FROM execution WHERE id = $1 FOR UPDATE) old
       WHERE e.id = old.id AND e.environment_id = $2 AND e.generation = $3 RETURNING greatest(0, least($5::int, old.log_lines - $4::int)) AS known`,
      [executionId, environmentId, generation, from, count],
    );
    return rows[0]?.known ?? count;
  }

  add(operation: OperationRef, messages: LogMessage[], client: Queryable = this.pool): Promise<void> {
    return insertMessages(client, operation, messages);
  }

  async limits(environmentId: number): Promise<LimitOverrides> {
    const { rows } = await this.pool.query<{ limits: LimitOverrides }>('SELECT execution_limits AS limits FROM environment WHERE id = $1', [environmentId]);
    return rows[0]?.limits ?? {};
  }
}

/** Writes lines of an operation, in the caller's transaction. */
export async function insertMessages(client: Queryable, { operationId, environmentId }: OperationRef, messages: LogMessage[]): Promise<void> {
  await client.query(
    `INSERT INTO operation_message (operation_id, environment_id, at, level, message, meta)
     SELECT $1, $2, line.at, line.level, line.message, line.meta
     FROM jsonb_to_recordset($3::jsonb) AS line(at timestamptz, level text, message text, meta jsonb)`,
    [operationId, environmentId, jsonText(messages)],
  );
}
