import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { CONFIGURATION, type Configuration } from '../configuration.js';
import { Periodic } from '../platform/periodic.js';
import { RecordUpkeepRepository } from './record-upkeep.repository.js';

const hourMs = 60 * 60 * 1000;

/** Keeps the record store in order: every hour, and a while after the start, which has enough to do. */
@Injectable()
export class RecordUpkeepJob implements OnApplicationBootstrap, OnModuleDestroy {
  #periodic: Periodic | undefined;
  #isStopped = false;
  #isFirst = true;

  constructor(
    private readonly upkeep: RecordUpkeepRepository,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#periodic = new Periodic('record.upkeep', hourMs, this.logger, () => this.#round());
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopped = true;
    await this.#periodic?.stop();
  }

  async #round(): Promise<void> {
    if (this.#isFirst) {
      this.#isFirst = false;
      return;
    }
    const policy = { pruneAfterDays: this.configuration.RECORDS_PRUNE_AFTER_DAYS, deleteAfterDays: this.configuration.RECORDS_DELETE_AFTER_DAYS };
    const done = await this.upkeep.run(policy, { goOn: () => !this.#isStopped });
    if (Object.values(done).some((count) => count > 0)) this.logger.info('record.upkeep', done);
  }
}
