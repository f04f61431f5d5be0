import { Inject, Injectable } from '@nestjs/common';
import { Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import {
  actionActivityId,
  actionActivityOptions,
  actionWorkflowId,
  eventWorkflowId,
  parseWorkflowRunName,
  queueNames,
  runScriptActivity,
  webhookWorkflowId,
  workflowTypes,
} from 'workflows';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import type { OpenExecution } from './open-execution.repository.js';
import { type RunState, stateOf } from './run-state.js';

@Injectable()
export class TemporalRuns {
  constructor(
    private readonly client: Client,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  async stateOf({ executionId, kind, workflowRunId, batchId }: OpenExecution): Promise<RunState> {
    if (workflowRunId) {
      const { workflowId, runId } = parseWorkflowRunName(workflowRunId);
      return this.stateOfWorkflow(workflowId, runId);
    }
    if (batchId) return this.stateOfWorkflow(webhookWorkflowId(batchId));
    if (kind === 'event') return this.stateOfWorkflow(eventWorkflowId(executionId));
    const activity = await this.stateOfActivity(actionActivityId(executionId));
    return activity === 'unknown' ? this.stateOfWorkflow(actionWorkflowId(executionId)) : activity;
  }

  /** Starts an action's run again under its own id; one that is there already stays as it is. */
  async startAction({ executionId, environmentId }: OpenExecution): Promise<void> {
    await this.client.activity.start(runScriptActivity, actionActivityOptions(executionId, environmentId, this.configuration.NANGO_QUEUE_PREFIX));
  }

  /** Starts an event's run again, for whom nobody waits any more; one that is there already stays as it is. */
  async startEvent({ executionId, environmentId }: OpenExecution): Promise<void> {
    try {
      await this.client.workflow.start(workflowTypes.eventRun, {
        taskQueue: queueNames(this.configuration.NANGO_QUEUE_PREFIX).workflows,
        workflowId: eventWorkflowId(executionId),
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        args: [{ executionId, environmentId, isAwaited: false }],
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  /** `firstRunId` names a workflow by its first run: one that has parked for long has continued as new since, and the first may be forgotten. */
  private stateOfWorkflow(workflowId: string, firstRunId?: string): Promise<RunState> {
    return stateOf(async () => {
      const { raw, status } = await this.client.workflow.getHandle(workflowId).describe();
      if (firstRunId === undefined || raw.workflowExecutionInfo?.firstRunId === firstRunId) return status.name;
      return (await this.client.workflow.getHandle(workflowId, firstRunId).describe()).status.name;
    });
  }

  private stateOfActivity(activityId: string): Promise<RunState> {
    return stateOf(async () => (await this.client.activity.getHandle(activityId).describe()).status);
  }
}
