import type { Queryable } from 'database';
import type { RunningExecution } from './execution-row.js';

/** The platform call after which a script goes on by itself when it starts from its first line. */
const checkpointCalls = 'saveCheckpoint:%';

type Execution = Pick<RunningExecution, 'executionId' | 'environmentId'>;

/**
 * Makes ready for a run from the beginning, or from the last explicit checkpoint, of an execution whose journal has become
 * too large to be kept: of what it did since then only the writes outside remain, so that none is made twice.
 */
export async function startOver(client: Queryable, execution: Execution): Promise<void> {
  const key = [execution.executionId, execution.environmentId];
  await client.query(
    `DELETE FROM journal_entry WHERE execution_id = $1 AND environment_id = $2 AND (NOT outside OR seq < (
       SELECT coalesce(max(seq), 0) FROM journal_entry WHERE execution_id = $1 AND environment_id = $2 AND state = 'done' AND call LIKE $3))`,
    [...key, checkpointCalls],
  );
  await client.query(`UPDATE journal_entry SET tape = NULL, tape_from = NULL WHERE execution_id = $1 AND environment_id = $2 AND tape IS NOT NULL`, key);
  await client.query(
    `DELETE FROM journal_chunk c WHERE execution_id = $1 AND environment_id = $2
       AND NOT EXISTS (SELECT 1 FROM journal_entry j WHERE j.execution_id = c.execution_id AND j.call = c.call)`,
    key,
  );
  await renumber(client, execution);
  await client.query(`UPDATE execution SET journal_full = false, journal_bytes = 0 WHERE id = $1 AND environment_id = $2`, key);
}

/** Equal calls are counted from the first line on again: those that remain move up. */
async function renumber(client: Queryable, { executionId, environmentId }: Execution): Promise<void> {
  const { rows } = await client.query<{ call: string }>(`SELECT call FROM journal_entry WHERE execution_id = $1 AND environment_id = $2`, [
    executionId,
    environmentId,
  ]);
  const counts = new Map<string, number>();
  // In ascending order each new name is free: its holder has moved or is gone.
  for (const { call, base } of rows.map(({ call }) => ({ call, ...split(call) })).toSorted((left, right) => left.occurrence - right.occurrence)) {
    const occurrence = counts.get(base) ?? 0;
    counts.set(base, occurrence + 1);
    if (call === `${base}:${occurrence}`) continue;
    const values = [executionId, environmentId, call, `${base}:${occurrence}`];
    await client.query(`UPDATE journal_entry SET call = $4 WHERE execution_id = $1 AND environment_id = $2 AND call = $3`, values);
    await client.query(`UPDATE journal_chunk SET call = $4 WHERE execution_id = $1 AND environment_id = $2 AND call = $3`, values);
    await client.query(`UPDATE execution SET parent_call = $4 WHERE parent_execution_id = $1 AND environment_id = $2 AND parent_call = $3`, values);
  }
}

function split(call: string): { base: string; occurrence: number } {
  const end = call.lastIndexOf(':');
  return { base: call.slice(0, end), occurrence: Number(call.slice(end + 1)) };
}
