import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { TemporalWorker } from 'service/temporal';
import { type OrchestratorActivities, queueNames, workflowBundlePath } from 'workflows';
import { AsyncActionService } from '../action/async-action.service.js';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { ExecutionActivities } from './execution.activities.js';

/** Runs the platform's workflows. */
@Injectable()
export class WorkflowWorker implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #worker: TemporalWorker;

  constructor(
    @Inject(CONFIGURATION) configuration: Configuration,
    @Inject(LOGGER) logger: Logger,
    { openSyncExecution, closeLostExecution }: ExecutionActivities,
    { openActionRetry, settleAction }: AsyncActionService,
  ) {
    const activities = { openSyncExecution, closeLostExecution, openActionRetry, settleAction };
    this.#worker = new TemporalWorker({ address: configuration.TEMPORAL_ADDRESS, worker: optionsOf(configuration, activities), logger });
  }

  onApplicationBootstrap(): Promise<void> {
    return this.#worker.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.#worker.stop();
  }
}

function optionsOf({ TEMPORAL_NAMESPACE, NANGO_QUEUE_PREFIX }: Configuration, activities: OrchestratorActivities) {
  return {
    namespace: TEMPORAL_NAMESPACE,
    taskQueue: queueNames(NANGO_QUEUE_PREFIX).workflows,
    workflowBundle: { codePath: workflowBundlePath },
    activities,
    enableNonLocalActivities: false,
    // A sync waits most of its life: what is not cached is replayed from a dozen events.
    maxCachedWorkflows: 200,
    maxConcurrentWorkflowTaskExecutions: 20,
    maxConcurrentLocalActivityExecutions: 20,
    shutdownGraceTime: '10 seconds',
  } as const;
}
