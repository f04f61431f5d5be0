import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { Periodic } from '../platform/periodic.js';
import { RateBudgetRepository } from './rate-budget.repository.js';

const sweepMs = 60 * 60_000;
/** Calls that were under way when their connection was deleted would bring its budget back. */
const unusedForMs = 60 * 60_000;

/** Drops the rate budgets of deleted connections and integrations. */
@Injectable()
export class RateBudgetSweep implements OnApplicationBootstrap, OnModuleDestroy {
  #periodic: Periodic | undefined;

  constructor(
    private readonly budgets: RateBudgetRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#periodic = new Periodic('rate_budget.sweep', sweepMs, this.logger, () => this.sweep());
  }

  async onModuleDestroy(): Promise<void> {
    await this.#periodic?.stop();
  }

  private async sweep(): Promise<void> {
    const dropped = await this.budgets.drop(unusedForMs);
    if (dropped > 0) this.logger.debug('rate_budget.swept', { budgets: dropped });
  }
}
