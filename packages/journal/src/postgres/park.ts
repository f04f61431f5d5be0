import type { Queryable } from 'database';
import { type Caller, fenced } from './require-generation.js';

/** Ends an attempt that waits. @throws AppError `execution_fenced` when it no longer runs */
export async function parkExecution(client: Queryable, { executionId, environmentId, generation }: Caller, until: string): Promise<void> {
  const { rowCount } = await client.query(
    `UPDATE execution SET status = 'parked', parked_until = $4 WHERE id = $1 AND environment_id = $2 AND generation = $3 AND status IN ('running', 'parked')`,
    [executionId, environmentId, generation, until],
  );
  if (!rowCount) throw fenced();
}
