import { Inject, Injectable } from '@nestjs/common';
import { ActivityNotFoundError, Client, isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { actionActivityId, actionActivityOptions, actionWorkflowId, parseWorkflowRunName, runScriptActivity } from 'workflows';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import type { OpenExecution } from './open-execution.repository.js';

/** What Temporal knows of an execution. */
export type RunState = 'open' | 'closed' | 'unknown';

const notFoundStatus = 5;
const openStatuses = new Set(['RUNNING', 'PAUSED']);

@Injectable()
export class TemporalRuns {
  constructor(
    private readonly client: Client,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  async stateOf({ executionId, workflowRunId }: OpenExecution): Promise<RunState> {
    if (workflowRunId) {
      const { workflowId, runId } = parseWorkflowRunName(workflowRunId);
      return this.stateOfWorkflow(workflowId, runId);
    }
    const activity = await this.stateOfActivity(actionActivityId(executionId));
    return activity === 'unknown' ? this.stateOfWorkflow(actionWorkflowId(executionId)) : activity;
  }

  /** Starts an action's run again under its own id; one that is there already stays as it is. */
  async startAction({ executionId, environmentId }: OpenExecution): Promise<void> {
    await this.client.activity.start(runScriptActivity, actionActivityOptions(executionId, environmentId, this.configuration.NANGO_QUEUE_PREFIX));
  }

  private stateOfWorkflow(workflowId: string, runId?: string): Promise<RunState> {
    return stateOf(async () => (await this.client.workflow.getHandle(workflowId, runId).describe()).status.name);
  }

  private stateOfActivity(activityId: string): Promise<RunState> {
    return stateOf(async () => (await this.client.activity.getHandle(activityId).describe()).status);
  }
}

async function stateOf(describe: () => Promise<string>): Promise<RunState> {
  try {
    return openStatuses.has(await describe()) ? 'open' : 'closed';
  } catch (error) {
    const isAbsent =
      error instanceof WorkflowNotFoundError || error instanceof ActivityNotFoundError || (isGrpcServiceError(error) && error.code === notFoundStatus);
    if (isAbsent) return 'unknown';
    throw error;
  }
}
