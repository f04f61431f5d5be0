import { Inject, Injectable } from '@nestjs/common';
import { Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { queueNames, webhookWorkflowId, workflowTypes } from 'workflows';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import type { RunBatch } from './routing.repository.js';

/** Hands opened batches to Temporal. */
@Injectable()
export class WebhookRuns {
  constructor(
    @Inject(Client) private readonly client: Client,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Starts a batch; one that is there already stays as it is. */
  async start({ batchId, environmentId, executionIds }: RunBatch): Promise<void> {
    try {
      await this.client.workflow.start(workflowTypes.webhookRun, {
        taskQueue: queueNames(this.configuration.NANGO_QUEUE_PREFIX).workflows,
        workflowId: webhookWorkflowId(batchId),
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        args: [{ environmentId, executionIds }],
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
}
