import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { Periodic } from '../platform/periodic.js';
import { JournalRepository } from './journal.repository.js';

const sweepMs = 60_000;
/** A finish may be asked again, and a write may still be waiting for its API. */
const keptForMs = 5 * 60_000;

/** Drops the journals of executions that have ended: beside the runs, never on their way. */
@Injectable()
export class JournalSweep implements OnApplicationBootstrap, OnModuleDestroy {
  #periodic: Periodic | undefined;

  constructor(
    private readonly journals: JournalRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#periodic = new Periodic('journal.sweep', sweepMs, this.logger, () => this.sweep());
  }

  async onModuleDestroy(): Promise<void> {
    await this.#periodic?.stop();
  }

  private async sweep(): Promise<void> {
    const dropped = await this.journals.drop(keptForMs);
    if (dropped > 0) this.logger.debug('journal.dropped', { executions: dropped });
  }
}
