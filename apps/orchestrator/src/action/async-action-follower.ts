import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { Periodic } from '../platform/periodic.js';
import { AsyncActionRepository } from './async-action.repository.js';
import { AsyncActionService } from './async-action.service.js';

const sweepMs = 30_000;

/** Gives asynchronous actions their turn: when one waits, when one has ended, and by a sweep for what was missed. */
@Injectable()
export class AsyncActionFollower implements OnApplicationBootstrap, OnModuleDestroy {
  #turns: Periodic | undefined;
  #repair: Periodic | undefined;
  #subscription: { close(): Promise<void> } | undefined;

  constructor(
    private readonly repository: AsyncActionRepository,
    private readonly actions: AsyncActionService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.#turns = new Periodic('async_action.turns', sweepMs, this.logger, () => this.actions.startTurns());
    this.#repair = new Periodic('async_action.repair', sweepMs, this.logger, () => this.actions.repair());
    this.#subscription = await this.repository.follow(() => this.#turns?.now());
  }

  async onModuleDestroy(): Promise<void> {
    await this.#subscription?.close();
    await Promise.all([this.#turns?.stop(), this.#repair?.stop()]);
  }
}
