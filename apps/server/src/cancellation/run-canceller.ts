import { Inject, Injectable } from '@nestjs/common';
import { ActivityNotFoundError, Client, isGrpcServiceError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { AppError } from 'model';
import { actionActivityId, actionWorkflowId, parseWorkflowRunName } from 'workflows';
import type { CancellableRun } from './open-run.repository.js';

const deadlineMs = 5_000;
/** Not found, and not in a state to be cancelled. */
const overStatuses = new Set<number>([5, 9]);

/** Asks Temporal to cancel a run: whoever runs it hears of it with its next heartbeat. */
@Injectable()
export class RunCanceller {
  constructor(@Inject(Client) private readonly client: Client) {}

  /** What is over in Temporal already is left alone. @throws AppError `temporal_unavailable` */
  async cancel({ executionId, workflowRunId }: CancellableRun): Promise<void> {
    if (workflowRunId) {
      const { workflowId, runId } = parseWorkflowRunName(workflowRunId);
      // By its first run, which is the one that the row knows: a workflow that has parked for long has continued as new since.
      await this.isThere(() => this.client.workflow.getHandle(workflowId, undefined, { firstExecutionRunId: runId }).cancel());
      return;
    }
    const isActivity = await this.isThere(() => this.client.activity.getHandle(actionActivityId(executionId)).cancel('cancelled'));
    if (!isActivity) await this.isThere(() => this.client.workflow.getHandle(actionWorkflowId(executionId)).cancel());
  }

  private async isThere(cancel: () => Promise<unknown>): Promise<boolean> {
    try {
      await this.client.connection.withDeadline(Date.now() + deadlineMs, cancel);
      return true;
    } catch (error) {
      if (isOver(error)) return false;
      throw new AppError('temporal_unavailable', { message: 'The script engine cannot be reached at the moment; try again', cause: error });
    }
  }
}

function isOver(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError || error instanceof ActivityNotFoundError) return true;
  // The client wraps what it has no error of its own for.
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && overStatuses.has(cause.code);
}
