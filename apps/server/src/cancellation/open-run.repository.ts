import { Inject, Injectable } from '@nestjs/common';
import { type Pool, POOL, transaction } from 'database';
import { closeExecution } from 'journal/postgres';
import { type ExecutionKind, type ExecutionStatus, openStatuses } from 'model';

/** A run that can be cancelled: one of its own, not an action inside another script. `workflowRunId` where a workflow runs it. */
export type CancellableRun = { executionId: string; environmentId: number; kind: ExecutionKind; status: ExecutionStatus; workflowRunId: string | null };

const columns = `e.id AS "executionId", e.environment_id AS "environmentId", e.kind, e.status, e.workflow_run_id AS "workflowRunId"`;

@Injectable()
export class OpenRunRepository {
  constructor(@Inject(POOL) private readonly pool: Pool) {}

  async find(environmentId: number, executionId: string): Promise<CancellableRun | null> {
    const sql = `SELECT ${columns} FROM execution e WHERE e.id = $1 AND e.environment_id = $2 AND e.parent_execution_id IS NULL`;
    return (await this.pool.query<CancellableRun>(sql, [executionId, environmentId])).rows[0] ?? null;
  }

  async ofOperation(environmentId: number, operationId: string): Promise<CancellableRun | null> {
    const sql = `SELECT ${columns} FROM operation o JOIN execution e ON e.id = o.execution_id AND e.environment_id = o.environment_id
      WHERE o.id = $1 AND o.environment_id = $2 AND e.parent_execution_id IS NULL`;
    return (await this.pool.query<CancellableRun>(sql, [operationId, environmentId])).rows[0] ?? null;
  }

  /** The runs that syncs are in. */
  async ofSyncs(environmentId: number, syncIds: string[]): Promise<CancellableRun[]> {
    const { rows } = await this.pool.query<CancellableRun>(
      `SELECT ${columns} FROM sync y JOIN execution e ON e.id = y.lease_execution_id AND e.environment_id = y.environment_id
       WHERE y.environment_id = $1 AND y.id = ANY($2::uuid[]) AND e.status = ANY($3)`,
      [environmentId, syncIds, openStatuses],
    );
    return rows;
  }

  /** Takes back what was asked of syncs and has not been begun; answers of which, and of which Temporal has been asked already. */
  async withdrawTriggers(environmentId: number, syncIds: string[]): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(
      `UPDATE sync SET trigger_request = NULL WHERE environment_id = $1 AND id = ANY($2::uuid[]) AND (trigger_request IS NOT NULL OR run_owed_since IS NOT NULL)
       RETURNING id`,
      [environmentId, syncIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Whether Temporal has been asked for a run of any of them that has not opened yet. */
  async areOwed(environmentId: number, syncIds: string[]): Promise<boolean> {
    const sql = `SELECT 1 FROM sync WHERE environment_id = $1 AND id = ANY($2::uuid[]) AND run_owed_since IS NOT NULL LIMIT 1`;
    return (await this.pool.query(sql, [environmentId, syncIds])).rowCount === 1;
  }

  /** Ends a run that no runner has taken; one that has been taken meanwhile ends itself. */
  async endQueued({ executionId, environmentId }: CancellableRun): Promise<void> {
    await transaction(this.pool, async (client) => {
      const { rowCount } = await client.query(`SELECT 1 FROM execution WHERE id = $1 AND environment_id = $2 AND status = 'queued' FOR UPDATE`, [
        executionId,
        environmentId,
      ]);
      if (rowCount) await closeExecution(client, { executionId, environmentId, generation: null, status: 'cancelled' });
    });
  }
}
