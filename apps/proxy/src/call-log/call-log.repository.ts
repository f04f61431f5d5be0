import { Inject, Injectable } from '@nestjs/common';
import { type Pool, POOL } from 'database';
import type { LogLevel, Operation } from 'model';
import { RELAXED_POOL } from '../tokens.js';

/** One call as the log keeps it: an operation, and the line that tells what happened. */
export type LoggedCall = Pick<Operation, 'id' | 'title' | 'status' | 'integration' | 'connectionId' | 'executionId'> & {
  environmentId: number;
  startedAt: Date;
  endedAt: Date;
  level: LogLevel;
  message: string;
  meta: Record<string, unknown>;
};

/** An environment's share of good calls that are kept. */
export type LogShare = { environmentId: number; percent: number };

// One statement for all of them: a call each would take more of the database than the calls themselves.
const insert = `WITH calls AS (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[], $12::text[])
      AS call(id, environment_id, title, status, integration, connection_id, execution_id, started_at, ended_at, level, message, meta)
  ), operations AS (
    INSERT INTO operation (id, environment_id, kind, title, status, integration, connection_id, execution_id, started_at, ended_at)
    SELECT id, environment_id, 'proxy', title, status, integration, connection_id, execution_id, started_at, ended_at FROM calls
    ON CONFLICT (id) DO NOTHING RETURNING id
  )
  INSERT INTO operation_message (operation_id, environment_id, at, level, message, meta)
  SELECT id, environment_id, ended_at, level, message, meta::jsonb FROM calls WHERE id IN (SELECT id FROM operations)`;

type Column = Exclude<keyof LoggedCall, 'meta'>;
const identity: Column[] = ['id', 'environmentId', 'title', 'status', 'integration', 'connectionId', 'executionId'];
const columns: Column[] = [...identity, 'startedAt', 'endedAt', 'level', 'message'];

@Injectable()
export class CallLogRepository {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    @Inject(RELAXED_POOL) private readonly relaxed: Pool,
  ) {}

  /** Writes calls, those that are there already left out. */
  async add(calls: readonly LoggedCall[]): Promise<void> {
    const values = [...columns.map((column) => calls.map((call) => call[column])), calls.map(({ meta }) => JSON.stringify(meta))];
    await this.relaxed.query({ name: 'call_log', text: insert, values });
  }

  async shareOf(environmentId: number): Promise<LogShare> {
    const { rows } = await this.pool.query<{ percent: number }>({
      name: 'call_log_share',
      text: 'SELECT call_log_percent AS percent FROM environment WHERE id = $1',
      values: [environmentId],
    });
    return { environmentId, percent: rows[0]?.percent ?? 0 };
  }
}
