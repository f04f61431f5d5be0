import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { createJailPool, type JailPool, type RunnerDriver } from 'jail';
import { HEALTH_DETAILS, type Logger, LOGGER } from 'service';
import { CONFIGURATION, type Configuration, environmentSlots } from './configuration.js';
import { BundleCache } from './execution/bundle-cache.js';
import { ExecutionRunner } from './execution/execution-runner.js';
import { JailReporter } from './execution/jail-reporter.js';
import { JAIL_DRIVER, JAILS, openDriver } from './execution/jails.js';
import { InternalHttp } from './platform/internal-http.js';
import { OrchestratorClient } from './platform/orchestrator.client.js';
import { ProxyClient } from './platform/proxy.client.js';
import { EnvironmentQuota } from './worker/environment-quota.js';
import { ScriptSlots } from './worker/script-slots.js';
import { ScriptActivities } from './worker/script.activities.js';
import { ScriptWorker } from './worker/script-worker.js';

@Module({})
export class RunnerModule implements OnApplicationShutdown {
  constructor(
    @Inject(JAILS) private readonly jails: JailPool,
    private readonly http: InternalHttp,
  ) {}

  static with(configuration: Configuration): DynamicModule {
    return {
      module: RunnerModule,
      providers: [
        { provide: CONFIGURATION, useValue: configuration },
        { provide: JAIL_DRIVER, inject: [LOGGER], useFactory: (logger: Logger) => openDriver(configuration, logger) },
        { provide: JAILS, inject: [JAIL_DRIVER], useFactory: (driver: RunnerDriver) => createJailPool({ size: configuration.RUNNER_WAITING_JAILS, driver }) },
        { provide: HEALTH_DETAILS, inject: [JAIL_DRIVER], useFactory: ({ tier, details }: RunnerDriver) => ({ jail: tier, jailDetails: details }) },
        JailReporter,
        InternalHttp,
        OrchestratorClient,
        ProxyClient,
        BundleCache,
        ExecutionRunner,
        { provide: ScriptSlots, useFactory: () => new ScriptSlots(configuration.RUNNER_SLOTS) },
        {
          provide: EnvironmentQuota,
          inject: [ScriptSlots],
          useFactory: (slots: ScriptSlots) => new EnvironmentQuota(environmentSlots(configuration), (change) => slots.lend(change)),
        },
        ScriptActivities,
        ScriptWorker,
      ],
      exports: [HEALTH_DETAILS],
    };
  }

  /** After the worker has stopped: nothing runs any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.jails.close();
    await this.http.close();
  }
}
