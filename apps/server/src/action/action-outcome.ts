import type { ExecutionResult } from 'journal/postgres';
import { errorCodes, type ExecutionError, type ExecutionStatus, isErrorCode } from 'model';

/** What the caller of an action is answered: the action's own JSON, or an error body with its status (surface 1.4, 4.2). */
export type ActionOutcome = { kind: 'succeeded'; output: unknown } | { kind: 'failed'; status: number; body: { error: ExecutionError } };

/** The answer that a run amounts to; null while it is not over. */
export function outcomeOf({ status, output, error }: Pick<ExecutionResult, 'status' | 'output' | 'error'>): ActionOutcome | null {
  if (status === 'queued' || status === 'running' || status === 'parked') return null;
  if (status === 'succeeded') return { kind: 'succeeded', output: output ?? null };
  const reason = error ?? fallbacks[status];
  return { kind: 'failed', status: isErrorCode(reason.code) ? errorCodes[reason.code].status : 500, body: { error: reason } };
}

const interrupted: ExecutionError = { code: 'execution_interrupted', message: 'The run was interrupted and is not run again' };

const fallbacks: Record<Extract<ExecutionStatus, 'failed' | 'cancelled' | 'lost'>, ExecutionError> = {
  cancelled: { code: 'script_aborted', message: 'The run was cancelled' },
  failed: interrupted,
  lost: interrupted,
};
