import type { Queryable } from 'database';
import { AppError } from 'model';
import type { RunningExecution } from './execution-row.js';

/** The attempt on whose behalf something is done. */
export type Caller = Pick<RunningExecution, 'executionId' | 'environmentId' | 'generation'>;

/**
 * Holds the execution's row shared until the transaction's end, so that no other attempt begins meanwhile.
 * @throws AppError `execution_fenced` when it no longer runs in this generation
 */
export async function requireGeneration(client: Queryable, execution: Caller): Promise<void> {
  const { executionId, environmentId, generation } = execution;
  const { rowCount } = await client.query(
    `SELECT 1 FROM execution WHERE id = $1 AND environment_id = $2 AND generation = $3 AND status = 'running' FOR SHARE`,
    [executionId, environmentId, generation],
  );
  if (!rowCount) throw fenced();
}

/** What an attempt is told that no longer runs. */
export function fenced(): AppError {
  return new AppError('execution_fenced', { message: 'This attempt no longer runs' });
}
