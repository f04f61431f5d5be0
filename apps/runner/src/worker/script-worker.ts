import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { TemporalWorker } from 'service/temporal';
import { queueNames } from 'workflows';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { EnvironmentQuota } from './environment-quota.js';
import { ScriptActivities } from './script.activities.js';
import { ScriptSlots } from './script-slots.js';

/** Takes scripts off the queue while a slot is free. */
@Injectable()
export class ScriptWorker implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #worker: TemporalWorker;

  constructor(
    @Inject(CONFIGURATION) configuration: Configuration,
    @Inject(LOGGER) logger: Logger,
    slots: ScriptSlots,
    private readonly quota: EnvironmentQuota,
    activities: ScriptActivities,
  ) {
    this.#worker = new TemporalWorker({ address: configuration.TEMPORAL_ADDRESS, worker: optionsOf(configuration, slots, activities), logger });
  }

  onApplicationBootstrap(): Promise<void> {
    return this.#worker.start();
  }

  /** Scripts that run get the grace time; what is not done then is left to another attempt. */
  onModuleDestroy(): Promise<void> {
    this.quota.close();
    return this.#worker.stop();
  }
}

function optionsOf({ TEMPORAL_NAMESPACE, NANGO_QUEUE_PREFIX }: Configuration, slots: ScriptSlots, { runScript }: ScriptActivities) {
  const none = { type: 'fixed-size', numSlots: 2 } as const;
  return {
    namespace: TEMPORAL_NAMESPACE,
    taskQueue: queueNames(NANGO_QUEUE_PREFIX).scripts,
    activities: { runScript },
    tuner: { activityTaskSlotSupplier: slots, workflowTaskSlotSupplier: none, localActivityTaskSlotSupplier: none, nexusTaskSlotSupplier: none },
    // Cancellation comes back with a heartbeat: this is how soon a script hears of it.
    maxHeartbeatThrottleInterval: '3 seconds',
    shutdownGraceTime: '8 seconds',
  } as const;
}
