import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { type Logger, LOGGER } from 'service';
import { queueNames } from 'workflows';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { useRuntimeLogger } from './runtime-logger.js';
import { ScriptActivities } from './script.activities.js';

const retryMs = 2_000;

/** Takes scripts off the queue while a slot is free. Comes up with the process where Temporal answers, and later where it does not yet. */
@Injectable()
export class ScriptWorker implements OnApplicationBootstrap, OnModuleDestroy {
  #worker: Worker | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly activities: ScriptActivities,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    useRuntimeLogger(this.logger);
    const isUp = await this.start();
    if (!isUp) this.#running = this.keepTrying();
  }

  /** Scripts that run get the grace time; what is not done then is left to another attempt. */
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

  private options(connection: NativeConnection): WorkerOptions {
    return {
      connection,
      namespace: this.configuration.TEMPORAL_NAMESPACE,
      taskQueue: queueNames(this.configuration.NANGO_QUEUE_PREFIX).scripts,
      activities: { runScript: this.activities.runScript },
      maxConcurrentActivityTaskExecutions: this.configuration.RUNNER_SLOTS,
      // Cancellation comes back with a heartbeat: this is how soon a script hears of it.
      maxHeartbeatThrottleInterval: '3 seconds',
      shutdownGraceTime: '8 seconds',
    };
  }
}
