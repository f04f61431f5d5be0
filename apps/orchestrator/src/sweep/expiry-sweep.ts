import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { Periodic } from '../platform/periodic.js';
import { CallLogRepository } from './call-log.repository.js';
import { JournalRepository } from './journal.repository.js';
import { RateBudgetRepository } from './rate-budget.repository.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** What goes when it is old, and how often that is looked for. `drop` answers how many have gone. */
type Expiring = { name: string; everyMs: number; keptForMs: number; drop: (olderThanMs: number) => Promise<number> };

/** Drops what is only kept for a time: beside the runs, never on their way. */
@Injectable()
export class ExpirySweep implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #expiring: Expiring[];
  #periodics: Periodic[] = [];

  constructor(
    journals: JournalRepository,
    calls: CallLogRepository,
    budgets: RateBudgetRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#expiring = [
      // The journals of executions that have ended: a finish may be asked again, and a write may still be waiting for its API.
      { name: 'journal', everyMs: minuteMs, keptForMs: 5 * minuteMs, drop: (olderThanMs) => journals.drop(olderThanMs) },
      // What the log keeps of single calls: there are more of them than of everything else.
      { name: 'call_log', everyMs: 10 * minuteMs, keptForMs: 15 * dayMs, drop: (olderThanMs) => calls.drop(olderThanMs) },
      // The rate budgets of deleted connections and integrations: calls that were under way then would bring them back.
      { name: 'rate_budget', everyMs: 60 * minuteMs, keptForMs: 60 * minuteMs, drop: (unusedForMs) => budgets.drop(unusedForMs) },
    ];
  }

  onApplicationBootstrap(): void {
    this.#periodics = this.#expiring.map((expiring) => new Periodic(`${expiring.name}.sweep`, expiring.everyMs, this.logger, () => this.sweep(expiring)));
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#periodics.map((periodic) => periodic.stop()));
  }

  private async sweep({ name, keptForMs, drop }: Expiring): Promise<void> {
    const dropped = await drop(keptForMs);
    if (dropped > 0) this.logger.debug(`${name}.swept`, { dropped });
  }
}
