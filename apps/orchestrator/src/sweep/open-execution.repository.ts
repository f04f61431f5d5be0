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
  /** For a child: whether its parent has ended. It has no run of its own. */
  parentEnded: boolean | null;
};

@Injectable()
export class OpenExecutionRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  /** Executions of every environment that are open and have been so for a while, oldest first, after a given one. */
  async page(olderThanMs: number, after: string | null, limit: number): Promise<OpenExecution[]> {
    const { rows } = await this.pool.query<OpenExecution>(
      `SELECT e.id AS "executionId", e.environment_id AS "environmentId", e.kind, e.status, e.workflow_run_id AS "workflowRunId",
         CASE WHEN e.parent_execution_id IS NULL THEN NULL ELSE p.status IS NULL OR p.status NOT IN ('queued', 'running', 'parked') END AS "parentEnded"
       FROM execution e LEFT JOIN execution p ON p.id = e.parent_execution_id
       WHERE e.status IN ('queued', 'running', 'parked') AND e.created_at < now() - make_interval(secs => $1::float8 / 1000) AND ($2::uuid IS NULL OR e.id > $2)
       ORDER BY e.id LIMIT $3`,
      [olderThanMs, after, limit],
    );
    return rows;
  }
}
