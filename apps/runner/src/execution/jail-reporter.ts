import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { RunnerDriver } from 'jail';
import { type Logger, LOGGER } from 'service';
import { OrchestratorClient } from '../platform/orchestrator.client.js';
import { JAIL_DRIVER } from './jails.js';

const everyMs = 60_000;

/** Tells the platform again and again which wall this runner's scripts run behind, so that the dashboard can show it. */
@Injectable()
export class JailReporter implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #runner = randomUUID();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(JAIL_DRIVER) private readonly driver: RunnerDriver,
    private readonly orchestrator: OrchestratorClient,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.report(), everyMs).unref();
    void this.report();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  private async report(): Promise<void> {
    const { tier, details } = this.driver;
    await this.orchestrator.report({ runner: this.#runner, tier, details }).catch((error: unknown) => this.logger.warn('jail.report_failed', { error }));
  }
}
