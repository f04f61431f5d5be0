import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CredentialStore, RenewalSweep } from 'credentials';
import { type Logger, LOGGER } from 'service';

const everyMs = 2_000;

/**
 * Keeps credentials alive while nobody uses them: every two seconds those that are due are renewed, and renewals are finished whose process
 * died half-way, as long as the provider still takes the token that may have been spent.
 */
@Injectable()
export class CredentialRenewal implements OnModuleInit, OnApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly credentials: CredentialStore,
    private readonly sweep: RenewalSweep,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.every(everyMs, 'refresh.recovered', () => this.credentials.recover());
    this.every(everyMs, 'refresh.renewed', () => this.sweep.renewDue());
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.sweep.stop();
    await Promise.all(this.running.values());
    await this.credentials.close();
  }

  /** A round that takes longer than the interval is the only one until it ends. */
  private every(intervalMs: number, event: string, work: () => Promise<number>): void {
    const look = (): void => {
      if (!this.running.has(event))
        this.running.set(
          event,
          this.round(event, work).finally(() => this.running.delete(event)),
        );
    };
    this.timers.push(setInterval(look, intervalMs).unref());
    look();
  }

  private async round(event: string, work: () => Promise<number>): Promise<void> {
    try {
      const count = await work();
      if (count > 0) this.logger.info(event, { count });
    } catch (error) {
      this.logger.warn('refresh.round_failed', { event, error });
    }
  }
}
