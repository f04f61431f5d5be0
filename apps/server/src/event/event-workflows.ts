import { Inject, Injectable } from '@nestjs/common';
import { Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { eventWorkflowId, queueNames, workflowTypes } from 'workflows';
import { CONFIGURATION, type Configuration } from '../configuration.js';

// A start takes milliseconds; who waits for more than this waits for a Temporal that is away.
const startDeadlineMs = 5_000;

export type EventRun = { executionId: string; environmentId: number };

/** Hands opened runs of event scripts to Temporal. */
@Injectable()
export class EventWorkflows {
  constructor(
    @Inject(Client) private readonly client: Client,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Starts a run that nobody waits for. */
  async start(run: EventRun): Promise<void> {
    await this.begin(run, { isAwaited: false });
  }

  /** Runs to the end, which comes within minutes: also when nothing of the platform is there to bring it. @throws whatever kept it from ending */
  async runToEnd(run: EventRun): Promise<void> {
    await this.begin(run, { isAwaited: true });
    await this.client.workflow.getHandle(eventWorkflowId(run.executionId)).result();
  }

  private async begin({ executionId, environmentId }: EventRun, { isAwaited }: { isAwaited: boolean }): Promise<void> {
    const options = {
      taskQueue: queueNames(this.configuration.temporal.queuePrefix).workflows,
      workflowId: eventWorkflowId(executionId),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [{ executionId, environmentId, isAwaited }],
      // Half a minute to start, five and a half to run, and a margin.
      ...(isAwaited ? { workflowExecutionTimeout: '7 minutes' as const } : {}),
    } as const;
    try {
      await this.client.connection.withDeadline(Date.now() + startDeadlineMs, () => this.client.workflow.start(workflowTypes.eventRun, options));
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
}
