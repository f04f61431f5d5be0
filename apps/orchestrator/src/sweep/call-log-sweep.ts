import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { Periodic } from '../platform/periodic.js';
import { CallLogRepository } from './call-log.repository.js';

const sweepMs = 10 * 60_000;
const keptForMs = 15 * 24 * 60 * 60_000;

/** Drops what the log keeps of single calls when it is old: there are more of them than of everything else. */
@Injectable()
export class CallLogSweep implements OnApplicationBootstrap, OnModuleDestroy {
  #periodic: Periodic | undefined;

  constructor(
    private readonly calls: CallLogRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#periodic = new Periodic('call_log.sweep', sweepMs, this.logger, () => this.sweep());
  }

  async onModuleDestroy(): Promise<void> {
    await this.#periodic?.stop();
  }

  private async sweep(): Promise<void> {
    const dropped = await this.calls.drop(keptForMs);
    if (dropped > 0) this.logger.debug('call_log.swept', { calls: dropped });
  }
}
