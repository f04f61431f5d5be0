import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Queryable, type Pool } from 'database';
import type { LimitOverrides, LogMessage } from 'model';
import { jsonText } from '../platform/json-text.js';

/** The operation whose lines are written. */
export type OperationRef = { operationId: string; environmentId: number };

@Injectable()
export class OperationLogRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

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
