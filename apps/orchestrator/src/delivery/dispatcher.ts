import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger, LOGGER } from 'service';
import { DeliveryService } from './delivery.service.js';
import { OutboxRepository } from './outbox.repository.js';

const atOnce = 16;
const longestPauseMs = 30_000;

/** Sends what is due, many at a time, and sleeps until something is. */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #active = new Set<Promise<void>>();
  #subscription: { close(): Promise<void> } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #isAsked = false;
  #stopped = false;

  constructor(
    private readonly outbox: OutboxRepository,
    private readonly deliveries: DeliveryService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.#subscription = await this.outbox.follow(() => this.look());
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#subscription?.close();
    await this.#round;
    await Promise.all(this.#active);
  }

  // Rounds follow each other: two that claim at once would send more than `atOnce`. One asked for is enough for all who ask.
  private look(): void {
    if (this.#stopped || this.#isAsked) return;
    this.#isAsked = true;
    this.#round = this.#round.then(() => this.round());
  }

  private async round(): Promise<void> {
    this.#isAsked = false;
    clearTimeout(this.#timer);
    try {
      const room = atOnce - this.#active.size;
      const events = room > 0 && !this.#stopped ? await this.outbox.claim(room) : [];
      for (const event of events) this.start(this.deliveries.deliver(event));
      // With every place taken, the next round comes when one is free.
      if (events.length < room) this.sleep((await this.outbox.msUntilDue()) ?? longestPauseMs);
    } catch (error) {
      this.logger.error('dispatcher.round_failed', { error });
      this.sleep(1_000);
    }
  }

  // What has been sent leaves a place, and may be due again soon.
  private start(delivery: Promise<void>): void {
    const tracked = delivery.finally(() => {
      this.#active.delete(tracked);
      this.look();
    });
    this.#active.add(tracked);
  }

  private sleep(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.look(), Math.min(Math.max(ms, 20), longestPauseMs));
  }
}
