import { Inject, Injectable } from '@nestjs/common';
import { Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { actionWorkflowId, queueNames, workflowTypes } from 'workflows';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { type RunState, stateOf } from '../sweep/run-state.js';
import type { AsyncAction } from './async-action.repository.js';

/** The workflows of asynchronous actions. */
@Injectable()
export class ActionWorkflows {
  constructor(
    @Inject(Client) private readonly client: Client,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Starts an action's workflow; one that is there already stays as it is. */
  async start({ executionId, environmentId, maxRetries }: AsyncAction): Promise<void> {
    try {
      await this.client.workflow.start(workflowTypes.actionRun, {
        taskQueue: queueNames(this.configuration.NANGO_QUEUE_PREFIX).workflows,
        workflowId: actionWorkflowId(executionId),
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        args: [{ executionId, environmentId, maxRetries }],
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  stateOf({ executionId }: AsyncAction): Promise<RunState> {
    return stateOf(async () => (await this.client.workflow.getHandle(actionWorkflowId(executionId)).describe()).status.name);
  }
}
