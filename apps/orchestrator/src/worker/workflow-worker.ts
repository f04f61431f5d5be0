import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { type Logger, LOGGER } from 'service';
import { queueNames, workflowBundlePath } from 'workflows';
import { AsyncActionService } from '../action/async-action.service.js';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { ExecutionActivities } from './execution.activities.js';
import { useRuntimeLogger } from './runtime-logger.js';

const retryMs = 2_000;

/** Runs the platform's workflows. Comes up with the process where Temporal answers, and later where it does not yet. */
@Injectable()
export class WorkflowWorker implements OnApplicationBootstrap, OnModuleDestroy {
  #worker: Worker | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly activities: ExecutionActivities,
    private readonly actions: AsyncActionService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    useRuntimeLogger(this.logger);
    const isUp = await this.start();
    if (!isUp) this.#running = this.keepTrying();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    if (this.#worker?.getState() === 'RUNNING') this.#worker.shutdown();
    await this.#running;
  }

  private async keepTrying(): Promise<void> {
    while (!this.#stopped) {
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      if (this.#stopped || (await this.start())) return;
    }
  }

  private async start(): Promise<boolean> {
    try {
      const connection = await NativeConnection.connect({ address: this.configuration.TEMPORAL_ADDRESS });
      this.#worker = await Worker.create(this.options(connection));
      this.#running = this.run(this.#worker, connection);
      return true;
    } catch (error) {
      this.logger.error('worker.start_failed', { error });
      return false;
    }
  }

  private async run(worker: Worker, connection: NativeConnection): Promise<void> {
    await worker.run().catch((error: unknown) => this.logger.error('worker.failed', { error }));
    await connection.close();
    if (!this.#stopped) await this.keepTrying();
  }

  private options(connection: NativeConnection): Parameters<typeof Worker.create>[0] {
    const { openSyncExecution, closeLostExecution } = this.activities;
    const { openActionRetry, settleAction } = this.actions;
    return {
      connection,
      namespace: this.configuration.TEMPORAL_NAMESPACE,
      taskQueue: queueNames(this.configuration.NANGO_QUEUE_PREFIX).workflows,
      workflowBundle: { codePath: workflowBundlePath },
      activities: { openSyncExecution, closeLostExecution, openActionRetry, settleAction },
      enableNonLocalActivities: false,
      // A sync waits most of its life: what is not cached is replayed from a dozen events.
      maxCachedWorkflows: 200,
      maxConcurrentWorkflowTaskExecutions: 20,
      maxConcurrentLocalActivityExecutions: 20,
      shutdownGraceTime: '10 seconds',
    };
  }
}
