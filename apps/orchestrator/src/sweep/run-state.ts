import { ActivityNotFoundError, isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';

/** What Temporal knows of a run. */
export type RunState = 'open' | 'closed' | 'unknown';

const notFoundStatus = 5;
const openStatuses = new Set(['RUNNING', 'PAUSED']);

/** The state that a description's status stands for; `unknown` where there is nothing to describe. */
export async function stateOf(describe: () => Promise<string>): Promise<RunState> {
  try {
    return openStatuses.has(await describe()) ? 'open' : 'closed';
  } catch (error) {
    const isAbsent =
      error instanceof WorkflowNotFoundError || error instanceof ActivityNotFoundError || (isGrpcServiceError(error) && error.code === notFoundStatus);
    if (isAbsent) return 'unknown';
    throw error;
  }
}
