import type { Queryable } from 'database';
import { AppError, type BeginRequest, type ExecutionStatus, openStatuses } from 'model';
import { type RunningExecution, runningColumns, runningJoins, runningSources } from './execution-row.js';
import { startOver } from './start-over.js';

/** What came of asking to begin an attempt. `resumes`: an earlier one has left a journal. */
export type Beginning =
  | { kind: 'run'; token: string; execution: RunningExecution; input: unknown; resumes: boolean }
  | { kind: 'over'; status: ExecutionStatus };

/** A {@link Beginning} inside its transaction: the input still sealed. */
export type Attempt = { kind: 'run'; execution: RunningExecution; sealedInput: string | null } | { kind: 'over'; status: ExecutionStatus };

type Row = RunningExecution & { sealedInput: string | null; attemptKey: string | null; age: number | null };

/** Starts the attempt of an execution that nobody has begun before, in one statement; null for any other. */
export async function beginFirstAttempt(client: Queryable, executionId: string, request: BeginRequest, tokenHash: Buffer): Promise<Attempt | null> {
  const { rows } = await client.query<RunningExecution & { sealedInput: string | null }>(
    `UPDATE execution e SET status = 'running', generation = e.generation + 1, token_hash = $2, attempt_scheduled_at = $3, attempt_key = $4, started_at = clock_timestamp()
     FROM ${runningSources.from}
     WHERE e.id = $1 AND ${runningSources.where} AND e.status = 'queued' AND e.attempt_scheduled_at IS NULL
     RETURNING ${runningColumns}, e.input AS "sealedInput"`,
    [executionId, tokenHash, request.scheduledAt, keyOf(request)],
  );
  if (!rows[0]) return null;
  const { sealedInput, ...execution } = rows[0];
  return { kind: 'run', execution, sealedInput };
}

/**
 * Starts an attempt under an exclusive lock on the execution's row, which every save and intent holds shared.
 * @throws AppError `unknown_execution`, or `execution_fenced` when a later attempt has begun
 */
export async function beginAttempt(client: Queryable, executionId: string, request: BeginRequest, tokenHash: Buffer): Promise<Attempt> {
  const row = await lockExecution(client, executionId, request.scheduledAt);
  if (!row) throw new AppError('unknown_execution', { message: `No execution '${executionId}'` });
  const { sealedInput, attemptKey, age, ...execution } = row;
  if (!openStatuses.some((status) => status === execution.status)) return { kind: 'over', status: execution.status };
  if (age !== null && age < 0) throw new AppError('execution_fenced', { message: 'A later attempt has begun' });
  const isRepeat = age === 0 && attemptKey === keyOf(request);
  const startsOver = !isRepeat && execution.journalFull;
  if (startsOver) await startOver(client, execution);
  const generation = isRepeat ? execution.generation : execution.generation + 1;
  await client.query(
    `UPDATE execution SET status = 'running', parked_until = NULL, generation = $3, token_hash = $4, attempt_scheduled_at = $5, attempt_key = $6, started_at = coalesce(started_at, clock_timestamp())
     WHERE id = $1 AND environment_id = $2`,
    [executionId, execution.environmentId, generation, tokenHash, request.scheduledAt, keyOf(request)],
  );
  const journal = startsOver ? { journalFull: false, journalBytes: 0 } : {};
  return { kind: 'run', execution: { ...execution, ...journal, generation, status: 'running' }, sealedInput };
}

const keyOf = (request: BeginRequest): string => `${request.activityId}:${request.attempt}`;

// Only its id is known here: the runner that asks holds a service token, and learns the environment from the answer.
async function lockExecution(client: Queryable, executionId: string, scheduledAt: string): Promise<Row | undefined> {
  const { rows } = await client.query<Row>(
    `SELECT ${runningColumns}, e.input AS "sealedInput", e.attempt_key AS "attemptKey", sign(extract(epoch FROM $2::timestamptz - e.attempt_scheduled_at))::int AS age
     FROM execution e ${runningJoins} WHERE e.id = $1 FOR UPDATE OF e`,
    [executionId, scheduledAt],
  );
  return rows[0];
}
