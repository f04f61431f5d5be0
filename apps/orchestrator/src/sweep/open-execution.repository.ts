import { Inject, Injectable } from '@nestjs/common';
import { POOL, type Pool } from 'database';
import type { ExecutionKind, ExecutionStatus } from 'model';

/** An execution that has not ended, and by what it is known in Temporal. */
export type OpenExecution = {
  executionId: string;
  environmentId: number;
  kind: ExecutionKind;
  status: Extract<ExecutionStatus, 'queued' | 'running' | 'parked'>;
  workflowRunId: string | null;
  /** For webhook scripts: those that run together. */
  batchId: string | null;
  /** For a child: whether its parent has ended. It has no run of its own. */
  parentEnded: boolean | null;
};

@Injectable()
export class OpenExecutionRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** Executions of every environment that are open and have been so for a while, after a given one; asynchronous actions have a follower of their own. */
  async page(olderThanMs: number, after: string | null, limit: number): Promise<OpenExecution[]> {
    const { rows } = await this.pool.query<OpenExecution>(
      `SELECT e.id AS "executionId", e.environment_id AS "environmentId", e.kind, e.status, e.workflow_run_id AS "workflowRunId", e.batch_id AS "batchId",
         CASE WHEN e.parent_execution_id IS NULL THEN NULL ELSE p.status IS NULL OR p.status NOT IN ('queued', 'running', 'parked') END AS "parentEnded"
       FROM execution e LEFT JOIN execution p ON p.id = e.parent_execution_id
       WHERE e.status IN ('queued', 'running', 'parked') AND e.created_at < now() - make_interval(secs => $1::float8 / 1000) AND ($2::uuid IS NULL OR e.id > $2)
         AND NOT EXISTS (SELECT 1 FROM async_action a WHERE a.current_id = e.id AND a.settled_at IS NULL)
       ORDER BY e.id LIMIT $3`,
      [olderThanMs, after, limit],
    );
    return rows;
  }

  /** The runs of a batch that nobody has begun. */
  async queuedOf(environmentId: number, batchId: string): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(
      `SELECT id FROM execution WHERE environment_id = $1 AND batch_id = $2 AND kind = 'webhook' AND status = 'queued' ORDER BY id`,
      [environmentId, batchId],
    );
    return rows.map(({ id }) => id);
  }
}
